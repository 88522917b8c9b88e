import { withTransaction } from '@bijli/postgres';
import type { Attempts } from './attempts.ts';
import { openCounts, UNREADABLE_BATCHES } from '../subscriptions/counts.ts';
import type { InboxWorker } from './inbox-worker.ts';
import { openLoop } from '@bijli/loop';
import type { TakenRecord } from '../dead-letters/mask-foreign-record.ts';
import { takeRecord } from '../dead-letters/mask-foreign-record.ts';
import type { Running, RunOptions } from '../subscriptions/running.ts';
import { INBOX_SETTINGS } from '../subscriptions/settings.ts';
import type { InboxSubscription } from '../subscriptions/subscription.ts';
import { storeRecords } from '../records/store-records.ts';
import { takeArrivals } from './take-arrivals.ts';
import { batchCalls } from '@bijli/loop';
import { workInbox } from './work-inbox.ts';

const COUNTED = [
  'stored_total',
  'applied_total',
  'unchanged_total',
  'repeated_total',
  'superseded_total',
  'dead_total',
  'retries_total',
  'gap_waits_total',
  'gaps_passed_total',
  'crashes_total',
  UNREADABLE_BATCHES,
];

/** Puts an inbox subscription together: Kafka's records are handled or stored, then committed, and a loop works what is stored. */
export function openInbox(options: RunOptions, subscription: InboxSubscription, attempts: Attempts): Running {
  const { db, log, service, failpoint = async () => undefined, onOutcome = () => undefined } = options;
  const settings = { ...INBOX_SETTINGS, ...options.settings };
  const counts = openCounts(COUNTED);
  const group = `${service}.${subscription.name}`;
  const wakeWithin = (ms: number): void => loop.wakeWithin(ms);
  const worker: InboxWorker = {
    ...{ group, subscription, db, attempts, settings, counts, log, failpoint, onOutcome, wakeWithin },
  };
  const round = async (isStopping: () => boolean): Promise<boolean> => {
    counts.add('crashes_total', await attempts.reap());
    return await workInbox(worker, isStopping);
  };
  const loop = openLoop({ name: `inbox ${subscription.name}`, idleMs: settings.pollMs, log, round });
  const take = batchCalls<TakenRecord>(async (records) => {
    for (let from = 0; from < records.length; from += settings.batchRows) {
      const stored = await takeArrivals(worker, records.slice(from, from + settings.batchRows));
      if (stored === 0) continue;
      counts.add('stored_total', stored);
      loop.wake();
      await failpoint('inbox.stored');
    }
  });
  return {
    subscription,
    counts,
    loop,
    readers: [(records) => take(records.map((record) => takeRecord(subscription.topic, record)))],
    takeAgain: async (records) => {
      const taken = records.map((record) => takeRecord(subscription.topic, record));
      await withTransaction(db, (tx) => storeRecords(tx, subscription.name, taken, { before: 'renew' }));
      loop.wake();
    },
  };
}
