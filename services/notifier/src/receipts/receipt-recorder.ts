import { type Database, withTransaction } from '@bijli/postgres';
import { withoutSpans } from '@bijli/tracing';
import type { AcceptedPart } from '../dispatch/held-chunk.ts';
import { type GroupCommit, groupCommit } from '../dispatch/group-commit.ts';
import type { Recording } from '../dispatch/outcome-recorder.ts';
import type { ReceiptMode } from '../domain/receipt-mode.ts';
import { receiptState } from '../domain/receipt-state.ts';
import { openDays } from '../store/runs/open-day.ts';
import { type ParkedItem, parkItem } from '../store/messages/park-item.ts';
import {
  keepOrphans,
  type MatchedReceipt,
  type OrphanReceipt,
  recordReceipts,
} from '../store/receipts/record-receipts.ts';
import type { ReceiptTraces } from './receipt-traces.ts';

/** A receipt whose message part the book knew. */
type Matched = {
  readonly kind: 'matched';
  readonly receipt: MatchedReceipt;
  readonly part: AcceptedPart;
};

/** A receipt with what the book knew of it when it came. */
export type ArrivedReceipt = Matched | { readonly kind: 'orphan'; readonly receipt: OrphanReceipt };

/** What recording receipts needs. */
export type ReceiptRecorderInput = Recording & {
  readonly db: Database;
  readonly traces: ReceiptTraces;
  readonly mode: ReceiptMode;
};

/**
 * Makes the recorder of receipts: COPY and count deltas, one transaction per flush. A receipt that cannot be stored is
 * parked, and so answered like the others: the provider would offer it for ever.
 */
export function receiptRecorder({
  db,
  traces,
  mode,
  onParked,
  ...retrying
}: ReceiptRecorderInput): GroupCommit<ArrivedReceipt> {
  const openAll = openDays(db);
  return groupCommit({
    ...retrying,
    flush: async (arrived) => {
      const matched = arrived.filter((one) => one.kind === 'matched');
      const orphans = arrived.filter((one) => one.kind === 'orphan').map((one) => one.receipt);
      // The days on which they arrived: a flush may be tried for longer than a day, and clocks are set.
      const days = matched.flatMap(({ receipt }) => [receipt.arrivalDay, receipt.runDay]);
      await withoutSpans(() => openAll(days));
      await withoutSpans(() => commit(db, matched, orphans, mode));
      for (const { part, receipt } of matched) traces.came(part.chunk, receiptState(receipt.stat) === 'delivered');
    },
    park: async ({ receipt }, error) => {
      const parked: ParkedItem = { kind: 'receipt', error, item: { ...receipt } };
      await withoutSpans(() => withTransaction(db, (tx) => parkItem(tx, parked)));
      onParked('receipt', error);
    },
  });
}

async function commit(
  db: Database,
  matched: readonly Matched[],
  orphans: readonly OrphanReceipt[],
  mode: ReceiptMode,
): Promise<void> {
  await withTransaction(db, async (tx) => {
    await keepOrphans(tx, orphans);
    await recordReceipts(
      tx,
      matched.map((one) => one.receipt),
      mode,
    );
  });
}
