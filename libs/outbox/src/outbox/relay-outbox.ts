import { setTimeout as wait } from 'node:timers/promises';
import { isTopicName, topics } from '@bijli/events';
import type { KafkaConnection, Log } from '@bijli/kafka';
import type { RecordProducer } from '@bijli/kafka/produce';
import { openProducer } from '@bijli/kafka/produce';
import type { Database } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { OUTBOX_CHANNEL } from './append-events.ts';
import { cleanOutbox } from './clean-outbox.ts';
import { openCounts } from '../subscriptions/counts.ts';
import type { Failpoint } from '../subscriptions/failpoint.ts';
import { openLeaderLock } from './leader-lock.ts';
import { openLoop, stuckFor } from '@bijli/loop';
import type { Metric, WatchedComponent } from '@bijli/loop';
import { type MissingTopics, relayBatch } from './relay-batch.ts';

export type RelayOptions = {
  readonly db: Database;
  readonly kafka: KafkaConnection;
  readonly log: Log;
  /** How often the outbox is looked at, milliseconds; 250 unless told. A relay that listens looks half as often: idle costs less. */
  readonly pollMs?: number;
  /** Whether a commit wakes the relay by NOTIFY; true unless told. */
  readonly listen?: boolean;
  /** Called at `relay.acked`, between Kafka's acknowledgement and our mark. */
  readonly failpoint?: Failpoint;
};

const POLL_MS = 250;
const LISTENING_POLLS = 2;
const CLEAN_EVERY_MS = 60_000;
/** A round that takes longer hangs: a send gives up long before. */
const STUCK_AFTER_MS = 180_000;
/** What is not published by then is published after the next start. */
const STOP_TIMEOUT_MS = 8_000;

/**
 * Publishes what `appendEvents` wrote: in order per aggregate, at least once, by one leader among all replicas. While Kafka or the
 * database is away the rows wait. Stopping publishes what is there. It is ready at once: writes need no Kafka.
 */
export function outboxRelay({
  db,
  kafka,
  log,
  pollMs = POLL_MS,
  listen = true,
  ...options
}: RelayOptions): WatchedComponent {
  const failpoint = options.failpoint ?? (async () => undefined);
  const counts = openCounts(['published', 'failures']);
  const leaderLock = openLeaderLock(db, () => loop.wake(), listen ? OUTBOX_CHANNEL : undefined);
  let producer: RecordProducer | undefined;
  let cleanedAt = Date.now();
  const missing = missingTopics((topic) => {
    counts.add('failures');
    log.error({ topic }, 'the brokers do not know a topic: what is said on it waits');
  });

  const publish = async (): Promise<number> => {
    const connection = await leaderLock.take();
    if (connection === undefined) return 0;
    producer ??= await openProducer(kafka, (topic) => (isTopicName(topic) ? topics[topic].partitions : undefined));
    const published = await relayBatch(connection, producer, failpoint, missing);
    counts.add('published', published);
    return published;
  };
  const round = async (): Promise<boolean> => {
    try {
      if ((await publish()) > 0) return true;
    } catch (error) {
      counts.add('failures');
      throw error;
    }
    if (leaderLock.isLeader() && Date.now() - cleanedAt > CLEAN_EVERY_MS) {
      cleanedAt = Date.now();
      await cleanOutbox(db);
    }
    return false;
  };
  const loop = openLoop({ name: 'outbox relay', idleMs: listen ? LISTENING_POLLS * pollMs : pollMs, log, round });
  const flushAndClose = async (): Promise<void> => {
    await loop.stop();
    while (producer !== undefined && (await publish()) > 0);
    await producer?.close();
  };

  return {
    name: 'outbox-relay',
    start: async () => loop.start(),
    stop: async () => {
      await Promise.race([flushAndClose().catch(() => undefined), wait(STOP_TIMEOUT_MS, undefined, { ref: false })]);
      await leaderLock.give();
    },
    ready: () => ({ ok: true }),
    alive: () => (stuckFor(loop) > STUCK_AFTER_MS ? { ok: false, detail: 'a round does not end' } : { ok: true }),
    metrics: async () =>
      relayMetrics({ ...counts.read(), leads: Number(leaderLock.isLeader()), ...(await backlog(db)) }),
  };
}

/** A topic that the brokers do not know is tried again after so long, then twice as long each time up to the most: somebody has to make it. */
const MISSING_AGAIN_MS = { first: 1_000, most: 30_000 };

function missingTopics(onMissing: (topic: string) => void): MissingTopics {
  const found = new Map<string, { readonly times: number; readonly againAt: number }>();
  return {
    current: () => [...found].flatMap(([topic, { againAt }]) => (againAt > Date.now() ? [topic] : [])),
    add: (topic) => {
      const { times } = found.get(topic) ?? { times: 0 };
      const waitMs = Math.min(MISSING_AGAIN_MS.most, MISSING_AGAIN_MS.first * 2 ** times);
      found.set(topic, { times: times + 1, againAt: Date.now() + waitMs });
      onMissing(topic);
    },
  };
}

/** What is counted of a relay, in a sentence each. */
const HELP = {
  published: ['bijli_outbox_published_total', 'Events that were published'],
  failures: ['bijli_outbox_failures_total', 'Rounds of the relay that failed'],
  leads: ['bijli_outbox_leader', '1 while this process publishes; of all replicas one does'],
  events: ['bijli_outbox_backlog_events', 'Events that are committed and not published yet'],
  age: ['bijli_outbox_oldest_age_seconds', 'Age of the oldest event that is not published yet'],
} as const;

function relayMetrics(values: Readonly<Record<string, number>>): Metric[] {
  return Object.entries(HELP).map(([key, [name, help]]) => ({ name, help, samples: [{ value: values[key] ?? 0 }] }));
}

async function backlog(db: Database): Promise<{ events: number; age: number }> {
  const [row] = await query<{ events: number; age: number }>(
    db,
    `select coalesce(sum(event_count), 0)::integer as events,
            coalesce(extract(epoch from now() - min(created_at)), 0)::double precision as age
       from outbox
      where published_at is null`,
  );
  return row ?? { events: 0, age: 0 };
}
