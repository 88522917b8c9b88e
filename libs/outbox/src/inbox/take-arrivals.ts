import { withTransaction } from '@bijli/postgres';
import { errorName } from '@bijli/loop';
import { handleArrivals } from './handle-arrivals.ts';
import type { HandlingSpans } from '../records/start-handling.ts';
import { endSpan } from '../records/start-handling.ts';
import type { InboxWorker } from './inbox-worker.ts';
import type { TakenRecord } from '../dead-letters/mask-foreign-record.ts';
import { reportClassification } from './report-outcomes.ts';
import { storableKey, storeRecords } from '../records/store-records.ts';
import { offsetRangesOf } from './offset-range.ts';

/**
 * Takes a batch of records as they arrive, those of a partition in their order: handles what can be handled at once and stores the rest for
 * the worker; after it their offsets may be committed. Resolves with the number of records stored; rejects when the database is out of reach.
 */
export async function takeArrivals(worker: InboxWorker, records: readonly TakenRecord[]): Promise<number> {
  let stored = 0;
  for (const some of inTurns(records, worker.subscription.keysAtOnce)) stored += await takeTogether(worker, some);
  return stored;
}

/** Cuts a batch, in its order, where the next record would be of one key too many. */
function inTurns(records: readonly TakenRecord[], keysAtOnce = Number.POSITIVE_INFINITY): TakenRecord[][] {
  const turns: TakenRecord[][] = [];
  const keys = new Set<string>();
  for (const record of records) {
    const turn = turns.at(-1);
    keys.add(storableKey(record.key));
    if (turn !== undefined && keys.size <= keysAtOnce) turn.push(record);
    else {
      turns.push([record]);
      keys.clear();
      keys.add(storableKey(record.key));
    }
  }
  return turns;
}

async function takeTogether(worker: InboxWorker, records: readonly TakenRecord[]): Promise<number> {
  const { db, attempts, subscription, counts, log } = worker;
  const spans: HandlingSpans = new Map();
  const notes = await attempts.beginArrival(subscription.name, offsetRangesOf(records));
  try {
    const { classifications, stored, crashes } = await withTransaction(db, (tx) =>
      handleArrivals(worker, tx, { records, notes, spans }),
    );
    await worker.failpoint('inbox.committed');
    counts.add('crashes_total', crashes);
    for (const classification of classifications) reportClassification(worker, classification, spans);
    return stored;
  } catch (error) {
    // Should they not be forgotten either, then because PostgreSQL is away: the next connection forgets them (attempts.ts).
    await attempts.forget(notes).catch(() => undefined);
    // One of them fails, or PostgreSQL, and then this fails too. The worker finds out which one, and lets its key wait, while others arrive.
    await withTransaction(db, (tx) => storeRecords(tx, subscription.name, records));
    log.warn(
      { subscription: subscription.name, records: records.length, error: errorName(error) },
      'records that arrived wait',
    );
    return records.length;
  } finally {
    for (const id of [...spans.keys()]) endSpan(spans, id, 'stored');
  }
}
