import { type Database, withTransaction } from '@bijli/postgres';
import { withoutSpans } from '@bijli/service';
import { istDay } from '@bijli/units';
import type { AcceptedPart } from '../dispatch/chunk-progress.ts';
import { type GroupCommit, type GroupCommitOptions, groupCommit } from '../dispatch/group-commit.ts';
import { receiptState } from '../domain/receipt-state.ts';
import { openDay } from '../store/open-day.ts';
import { keepOrphans, type MatchedReceipt, type OrphanReceipt, recordReceipts } from '../store/record-receipts.ts';
import type { ReceiptTraces } from './receipt-traces.ts';

/** A receipt whose message part the book knew. */
interface Matched {
  kind: 'matched';
  receipt: MatchedReceipt;
  part: AcceptedPart;
}

/** A receipt with what the book knew of it when it came. */
export type ArrivedReceipt = Matched | { kind: 'orphan'; receipt: OrphanReceipt };

/** This function will make the recorder of receipts: COPY and count deltas, one transaction per flush (notifier.md, 9). */
export function receiptRecorder(
  db: Database,
  traces: ReceiptTraces,
  options: GroupCommitOptions,
): GroupCommit<ArrivedReceipt> {
  return groupCommit(async (arrived) => {
    const matched = arrived.filter((one) => one.kind === 'matched');
    const orphans = arrived.filter((one) => one.kind === 'orphan').map((one) => one.receipt);
    await withoutSpans(() => commit(db, matched, orphans));
    for (const { part, receipt } of matched) traces.came(part.chunk, receiptState(receipt.stat) === 'delivered');
  }, options);
}

async function commit(db: Database, matched: readonly Matched[], orphans: readonly OrphanReceipt[]): Promise<void> {
  await openDay(db, istDay(new Date()));
  await withTransaction(db, async (tx) => {
    await recordReceipts(
      tx,
      matched.map((one) => one.receipt),
    );
    await keepOrphans(tx, orphans);
  });
}
