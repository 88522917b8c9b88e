import { isConnectionError, withTransaction } from '@bijli/postgres';
import { handleArrivals } from './handle-arrivals.ts';
import type { HeardSpans } from './hear.ts';
import { endSpan } from './hear.ts';
import type { InboxWorker } from './inbox-worker.ts';
import type { TakenRecord } from './mask-foreign-record.ts';
import { reportVerdict } from './report-outcomes.ts';
import { storeRecords } from './store-records.ts';
import { stretchesOf } from './stretch.ts';

/**
 * Takes records as they arrive, those of a partition in their order: handles what can be handled at once and stores the rest for the
 * worker; after it their offsets may be committed. Resolves with the number of records stored; rejects when the database is out of reach.
 */
export async function takeArrivals(worker: InboxWorker, records: readonly TakenRecord[]): Promise<number> {
  const { batchRows } = worker.settings;
  let stored = 0;
  for (let from = 0; from < records.length; from += batchRows)
    stored += await takeBatch(worker, records.slice(from, from + batchRows));
  return stored;
}

async function takeBatch(worker: InboxWorker, records: readonly TakenRecord[]): Promise<number> {
  const { db, attempts, subscription } = worker;
  const spans: HeardSpans = new Map();
  const notes = await attempts.beginArrival(subscription.name, stretchesOf(records));
  try {
    const { verdicts, stored } = await withTransaction(db, (tx) =>
      handleArrivals(worker, tx, { records, notes, spans }),
    );
    await worker.failpoint('inbox.committed');
    for (const verdict of verdicts) reportVerdict(worker, verdict, spans);
    return stored;
  } catch (error) {
    // Should they not be forgotten either, then because PostgreSQL is away, and such notes are not counted against anybody.
    await attempts.forget(notes).catch(() => undefined);
    if (isConnectionError(error)) throw error;
    // One of them fails. The worker finds out which, and lets its key wait, while the next ones arrive.
    await withTransaction(db, (tx) => storeRecords(tx, subscription.name, records));
    return records.length;
  } finally {
    for (const id of [...spans.keys()]) endSpan(spans, id, 'stored');
  }
}
