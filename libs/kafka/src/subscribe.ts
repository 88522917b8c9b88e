import { setTimeout as wait } from 'node:timers/promises';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Session } from './handle-batch.ts';
import { BACK_OFF_MS, HEARTBEAT_MS, handleBatch } from './handle-batch.ts';
import type { Log } from './kafkajs-log.ts';
import type { KafkaConnection } from './open-kafka.ts';
import { RETRY } from './open-kafka.ts';
import type { RawRecord } from './raw-record.ts';
import type { OffsetRange } from './read-range.ts';
import { readRange } from './read-range.ts';
import type { Portion } from './record-set/read-record-set.ts';
import type { UnreadableBatch } from './record-set/unreadable-batch.ts';
import type { SubscriptionProgress, SupervisorLimits } from './supervise.ts';
import { supervise } from './supervise.ts';

export type SubscribeOptions = {
  /** The consumer group, `<service>.<subscription>`. */
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Takes records of one partition, in order. Their offsets are committed after it resolves; while it rejects it is called with the same
   * records again and again, with back-off. A subscriber that cannot handle a record must park it and resolve.
   */
  readonly onBatch: (records: readonly RawRecord[]) => Promise<void>;
  /**
   * Takes note of a batch that cannot be read; it is passed after this resolves, and while it rejects it is called again, with back-off. The
   * same batch may come again after a crash.
   */
  readonly onUnreadable: (batch: UnreadableBatch) => Promise<void>;
  /**
   * Tells of an error of `onBatch` that something it needs is away, as a database is that is started anew: however long that lasts, the
   * subscription is not to blame. Of none unless told.
   */
  readonly isAway?: (error: unknown) => boolean;
  /** Of how many partitions a batch may be in hand at once; 1 unless told. Those of one partition follow each other all the same. */
  readonly partitionsAtOnce?: number;
  readonly log: Log;
  /** The subscription is dead or hangs: the process should end and be started anew. Called once. */
  readonly onFatal: (error: Error) => void;
  readonly limits?: SupervisorLimits;
};

export type RawSubscription = {
  /** Reads offsets of a partition once more, whether or not this member has it; see `readRange`. */
  read(range: OffsetRange): AsyncGenerator<Portion>;
  /** Finishes the batch in hand and leaves the group. */
  stop(): Promise<void>;
  progress(): SubscriptionProgress;
};

/** A member silent for so long is dead to the group; its partitions then move. The broker refuses less than 6 s. */
const SESSION_TIMEOUT_MS = 10_000;
const REBALANCE_TIMEOUT_MS = 30_000;
/** How long an idle fetch waits at the broker; also the longest a stop waits for it. */
const FETCH_WAIT_MS = 1_000;
/**
 * Octets of one fetch, while there is a backlog: about 4,500 connections. kafkajs' own 10 MiB cost five times the memory, and no time is
 * gained by them.
 */
const FETCH_BYTES = 2 * 1024 * 1024;
/** kafkajs may wait much longer for a broker that is away; nothing is lost by not waiting. */
const STOP_TIMEOUT_MS = 10_000;

/**
 * Subscribes to topics from their beginning, batch by batch of one partition. Resolves at once and joins the group in the
 * background for as long as it takes, so a service starts while Kafka is down; `progress().assigned` tells when it is in.
 */
export async function subscribe(connection: KafkaConnection, options: SubscribeOptions): Promise<RawSubscription> {
  const stopping = new AbortController();
  const { group, onBatch, onUnreadable, log, partitionsAtOnce = 1, isAway = () => false } = options;
  const consumer = connection.client.consumer({
    groupId: connection.prefix + group,
    allowAutoTopicCreation: false,
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    maxBytes: FETCH_BYTES,
    maxBytesPerPartition: FETCH_BYTES / partitionsAtOnce,
    retry: { ...RETRY, restartOnFailure: async () => !stopping.signal.aborted },
  });
  const supervisor = supervise(consumer, connection, options.onFatal, options.limits);
  const session: Session = {
    ...{ consumer, prefix: connection.prefix, group, onBatch, onUnreadable, log },
    ...{ stopping: stopping.signal, metOnce: new Map(), troubles: supervisor.troubles, onWork: supervisor.onWork },
    ...{ isAway, onAway: supervisor.onAway },
  };
  const joined = join(session, options.topics, partitionsAtOnce);
  return {
    progress: supervisor.progress,
    read: (range) => readRange(connection, consumer, range),
    stop: async () => {
      stopping.abort();
      supervisor.stop();
      const stopped = joined.then(() => consumer.disconnect());
      const ended = await Promise.race([stopped.then(() => true), wait(STOP_TIMEOUT_MS, false, { ref: false })]);
      if (!ended) log.warn({ group }, 'subscription did not leave its group in time');
    },
  };
}

/** Connects and starts, for as long as it takes: before `run` kafkajs does not restart by itself. */
async function join(session: Session, topics: readonly string[], partitionsAtOnce: number): Promise<void> {
  const { group, log, stopping } = session;
  for (let backOffMs = BACK_OFF_MS.first; !stopping.aborted; backOffMs = Math.min(2 * backOffMs, BACK_OFF_MS.most)) {
    try {
      // Under suppressTracing, else kafkajs' instrumentation hangs every batch into a foreign trace.
      await context.with(suppressTracing(ROOT_CONTEXT), () => start(session, topics, partitionsAtOnce));
      return;
    } catch (error) {
      log.warn({ group, error: (error as Error).message }, 'subscription cannot join yet');
      await wait(backOffMs, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}

async function start(session: Session, topics: readonly string[], partitionsAtOnce: number): Promise<void> {
  const { consumer, prefix } = session;
  await consumer.connect();
  await consumer.subscribe({ topics: topics.map((topic) => prefix + topic), fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: partitionsAtOnce,
    eachBatch: (payload) => handleBatch(session, payload),
  });
}
