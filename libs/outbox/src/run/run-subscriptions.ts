import type { RawSubscription, UnreadableBatch } from '@bijli/kafka';
import { describeSubscriptions, subscribe } from '@bijli/kafka';
import { openAttempts } from '../inbox/attempts.ts';
import { cleanAnswers } from '@bijli/idempotency';
import { isTransientError } from '@bijli/postgres';
import { cleanInbox } from '../inbox/clean-inbox.ts';
import { UNREADABLE_BATCHES } from '../subscriptions/counts.ts';
import { openLoop, stuckFor } from '@bijli/loop';
import { openInbox } from '../inbox/open-inbox.ts';
import { openProjection } from '../projection/open-projection.ts';
import { parkBatch } from '../dead-letters/park-batch.ts';
import type { ParkedBatches } from '../dead-letters/parked-batches.ts';
import { openParkedBatches } from '../dead-letters/parked-batches.ts';
import type { WatchedComponent, Readiness } from '@bijli/loop';
import { NotYetError } from '../records/not-yet-error.ts';
import type { Reader } from '../dead-letters/read-again.ts';
import { readAgain } from '../dead-letters/read-again.ts';
import type { OnBatch, Running, RunOptions } from '../subscriptions/running.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { subscriptionsReadiness } from './subscriptions-readiness.ts';
import { subscriptionMetrics } from './subscription-metrics.ts';

/** All partitions that a topic has: what they bring is stored or applied together. */
const PARTITIONS_AT_ONCE = 12;
const CLEAN_EVERY_MS = 60_000;
/** A person replays what is parked, and looks at /readyz. */
const LOOK_AT_PARKED_MS = 5_000;
/** A round handles one batch; its statements are limited to 30 s each. */
const STUCK_AFTER_MS = 120_000;

/**
 * Runs all subscriptions of a service as one component: handles inboxes, applies projections, supervises both. Any number of replicas
 * may run it at once. Starts while Kafka is away; it is ready when every subscription has joined its group once.
 */
export function runSubscriptions(options: RunOptions): WatchedComponent {
  const { db, log, service, subscriptions } = options;
  const attempts = openAttempts(db);
  const running = subscriptions.map((subscription) =>
    subscription.mode === 'inbox' ? openInbox(options, subscription, attempts) : openProjection(options, subscription),
  );
  const members = running.flatMap(({ readers }) => readers).length;
  const housekeeping = openLoop({ name: 'housekeeping', idleMs: CLEAN_EVERY_MS, log, round: () => clean(options) });
  let readers: Reader[] = [];
  let joinedOnce = false;
  const names = subscriptions.map(({ name }) => name);
  const parked = openParkedBatches(db, names);
  const lookAfterParked = async (): Promise<boolean> => {
    const isMore = await readAgain(db, log, readers);
    await parked.look();
    return isMore;
  };
  const reading = openLoop({ name: 'parked batches', idleMs: LOOK_AT_PARKED_MS, log, round: lookAfterParked });
  const loops = [...running.map(({ loop }) => loop), housekeeping, reading];

  return {
    name: 'subscriptions',
    start: async () => {
      log.info({ table: describeSubscriptions(subscriptions.map(rowOf(service))) }, 'subscriptions');
      await attempts.reap().catch(() => undefined); // the database is away: an idle round does it again
      readers = await Promise.all(
        running.flatMap((each) =>
          each.readers.map(async (onBatch) => ({
            running: each,
            raw: await listenTo(options, each, { onBatch, parked }),
          })),
        ),
      );
      for (const loop of loops) loop.start();
    },
    stop: async () => {
      await Promise.all(readers.map(({ raw }) => raw.stop()));
      await Promise.all(loops.map((loop) => loop.stop()));
      await attempts.close();
    },
    ready: () => {
      const heard = readers.map(({ raw }) => raw);
      joinedOnce ||= heard.length === members && heard.every((raw) => raw.progress().assigned !== null);
      return subscriptionsReadiness({
        heard,
        joinedOnce,
        parkedBatches: parked.bySubscription(),
        failedReadings: parked.failedReadings(),
      });
    },
    alive: () => aliveOf(running),
    metrics: () =>
      subscriptionMetrics(
        db,
        running.map((one) => ({
          ...one,
          progress: readers.filter(({ running }) => running === one).map(({ raw }) => raw.progress()),
        })),
      ),
  };
}

function endProcess(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}

function listenTo(
  options: RunOptions,
  { subscription, counts }: Running,
  { onBatch, parked }: { onBatch: OnBatch; parked: ParkedBatches },
): Promise<RawSubscription> {
  const { db, kafka, log, service, onFatal = endProcess } = options;
  return subscribe(kafka, {
    group: `${service}.${subscription.name}`,
    topics: [subscription.topic],
    onBatch,
    onUnreadable: async (batch) => {
      await parkBatch(db, subscription.name, batch);
      await parked.look();
      counts.add(UNREADABLE_BATCHES);
      reportParked(options, subscription.name, batch);
    },
    partitionsAtOnce: PARTITIONS_AT_ONCE,
    isAway: (error) => isTransientError(error) || error instanceof NotYetError,
    log,
    onFatal,
  });
}

function reportParked(
  { log, onOutcome }: RunOptions,
  subscription: string,
  { topic, partition, first, last, reason, detail }: UnreadableBatch,
): void {
  const place = { subscription, topic, partition, offset: String(first), lastOffset: String(last) };
  log.error({ ...place, reason, detail }, 'batch is a dead letter');
  onOutcome?.({ subscription, topic, partition, offset: first, key: '', outcome: 'dead', detail: reason });
}

async function clean({ db }: RunOptions): Promise<boolean> {
  await cleanInbox(db);
  await cleanAnswers(db);
  return false;
}

const rowOf = (service: string) => (subscription: Subscription) => ({
  subscription: subscription.name,
  topic: subscription.topic,
  heardAs: subscription.mode === 'inbox' ? `inbox, ${subscription.lateness}` : 'projection',
  group: `${service}.${subscription.name}`,
});

function aliveOf(running: readonly Running[]): Readiness {
  const stuck = running
    .filter(({ loop }) => stuckFor(loop) > STUCK_AFTER_MS)
    .map(({ subscription }) => subscription.name);
  return stuck.length === 0 ? { ok: true } : { ok: false, detail: `a batch does not end: ${stuck.join(', ')}` };
}
