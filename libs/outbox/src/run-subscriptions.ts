import type { RawSubscription } from '@bijli/kafka';
import { describeSubscriptions, subscribe } from '@bijli/kafka';
import { openAttempts } from './attempts.ts';
import { cleanInbox } from './clean-tables.ts';
import { openLoop, stuckFor } from './loop.ts';
import { openInbox } from './open-inbox.ts';
import { openProjection } from './open-projection.ts';
import type { Part, Readiness } from './part.ts';
import type { OnBatch, Running, RunOptions } from './running.ts';
import type { Subscription } from './subscription.ts';
import { subscriptionMetrics } from './subscription-metrics.ts';

/** All that a topic has (architecture.md): what they bring is stored or applied together. */
const PARTITIONS_AT_ONCE = 12;
const CLEAN_EVERY_MS = 60_000;
/** A round handles one batch; its statements are limited to 30 s each. */
const STUCK_AFTER_MS = 120_000;

/**
 * Runs all subscriptions of a service as one part: handles inboxes, applies projections, supervises both. Any number of replicas
 * may run it at once. Starts while Kafka is away; it is ready when every subscription has joined its group once.
 */
export function runSubscriptions(options: RunOptions): Part {
  const { db, log, service, subscriptions } = options;
  const attempts = openAttempts(db);
  const running = subscriptions.map((subscription) =>
    subscription.mode === 'inbox' ? openInbox(options, subscription, attempts) : openProjection(options, subscription),
  );
  const members = running.flatMap(({ readers }) => readers).length;
  const housekeeping = openLoop({ name: 'housekeeping', idleMs: CLEAN_EVERY_MS, log, round: () => clean(options) });
  let heard: RawSubscription[] = [];
  let joinedOnce = false;

  return {
    name: 'subscriptions',
    start: async () => {
      log.info({ table: describeSubscriptions(subscriptions.map(rowOf(service))) }, 'subscriptions');
      await attempts.reap().catch(() => undefined); // the database is away: an idle round does it again
      heard = await Promise.all(
        running.flatMap(({ subscription, readers }) =>
          readers.map((onBatch) => listenTo(options, subscription, onBatch)),
        ),
      );
      for (const { loop } of [...running, { loop: housekeeping }]) loop.start();
    },
    stop: async () => {
      await Promise.all(heard.map((raw) => raw.stop()));
      await Promise.all([...running, { loop: housekeeping }].map(({ loop }) => loop.stop()));
      await attempts.close();
    },
    ready: () => {
      const outside = heard.filter((raw) => raw.progress().assigned === null).length;
      joinedOnce ||= heard.length === members && outside === 0;
      return {
        ok: joinedOnce,
        ...(outside > 0 ? { detail: `${outside} of ${heard.length} not in their groups` } : {}),
      };
    },
    alive: () => aliveOf(running),
    metrics: () => subscriptionMetrics(db, running),
  };
}

const endProcess = (error: Error): void => {
  setImmediate(() => {
    throw error;
  });
};

const listenTo = (
  { kafka, log, service, onFatal = endProcess }: RunOptions,
  subscription: Subscription,
  onBatch: OnBatch,
): Promise<RawSubscription> =>
  subscribe(kafka, {
    group: `${service}.${subscription.name}`,
    topics: [subscription.topic],
    onBatch,
    partitionsAtOnce: PARTITIONS_AT_ONCE,
    log,
    onFatal,
  });

async function clean({ db }: RunOptions): Promise<boolean> {
  await cleanInbox(db);
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
