import { type Database, withTransaction } from '@bijli/postgres';
import { withoutSpans } from '@bijli/service';
import { istDay } from '@bijli/units';
import type { AcceptedPart } from '../dispatch/chunk-progress.ts';
import { type GroupCommit, type GroupCommitOptions, groupCommit } from '../dispatch/group-commit.ts';
import { isFinal, receiptState } from '../domain/receipt-state.ts';
import { addCounts, type CountDelta } from '../store/add-counts.ts';
import { openDay } from '../store/open-day.ts';
import { keepOrphans, type MatchedReceipt, type OrphanReceipt, recordReceipts } from '../store/record-receipts.ts';
import type { ReceiptTraces } from './receipt-traces.ts';

/** A receipt whose message part the book knew. */
interface Matched {
  kind: 'matched';
  receipt: MatchedReceipt;
  part: AcceptedPart;
  countsAs: 'receipts-delivered' | 'receipts-failed' | null;
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
    await addCounts(tx, countsOf(matched));
  });
}

/** This function will tell how the first final receipt of a part counts; null for one that is not final or not the first. */
export function countsAs(stat: string, isFirstFinal: boolean): 'receipts-delivered' | 'receipts-failed' | null {
  const state = receiptState(stat);
  if (!isFinal(state) || !isFirstFinal) return null;
  return state === 'delivered' ? 'receipts-delivered' : 'receipts-failed';
}

function countsOf(matched: readonly Matched[]): CountDelta[] {
  const counted = matched.filter((one) => one.countsAs !== null);
  const byMeasure = Map.groupBy(
    counted,
    ({ receipt, countsAs: measure }) => `${receipt.runId}/${receipt.chunkNo}/${measure}`,
  );
  return [...byMeasure.values()].map((some) => ({
    runId: some[0]?.receipt.runId ?? '',
    chunkNo: some[0]?.receipt.chunkNo ?? 0,
    measure: some[0]?.countsAs ?? '',
    n: some.length,
  }));
}
