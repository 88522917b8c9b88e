import type { Consumer } from 'kafkajs';
import type { KafkaConnection } from './open-kafka.ts';
import { isUnreachable } from './open-kafka.ts';

/** How far a subscription is. Times are `Date.now()` milliseconds; null for never yet. */
export type SubscriptionProgress = {
  latestPollAt: number | null;
  latestCommitAt: number | null;
  /** Since when a batch has been waiting for its commit; null when none is. */
  uncommittedSince: number | null;
  /** Records at the broker that were not handled, as far as the latest fetch of each assigned partition showed. */
  lagRecords: number;
  /** The partitions that the group gave to this member, by topic; null while it is not a member. */
  assigned: Readonly<Record<string, readonly number[]>> | null;
  /** What keeps it from reading, while it does, in words for an operator; empty when nothing does. */
  readonly troubles: readonly string[];
};

/** What keeps a subscription from reading, by where: a partition, or the fetch as a whole. */
export type Troubles = Map<string, string>;

export type SupervisorLimits = { readonly noPollMs: number; readonly noCommitMs: number };
const SUPERVISOR_LIMITS: SupervisorLimits = { noPollMs: 60_000, noCommitMs: 120_000 };

const CHECK_EVERY_MS = 5_000;
const FETCH = 'fetch';
const MESSAGE_LENGTH = 160;

/**
 * Watches a kafkajs consumer, which can be dead while the process lives. Calls `onFatal`, once, when it crashed and will not restart, when
 * it has neither polled nor worked for `noPollMs`, or when a batch has waited `noCommitMs` for its commit. Absent brokers are not its
 * fault: while they cannot be reached only the crash counts. Nor is what a batch needs and is not there: each time that this is noted
 * (`onAway`) the wait for its commit begins anew. A crash after which the client begins anew is among the troubles until
 * something was fetched: the process need not end, but somebody should know.
 */
export function supervise(
  consumer: Consumer,
  connection: KafkaConnection,
  onFatal: (error: Error) => void,
  limits = SUPERVISOR_LIMITS,
) {
  const troubles: Troubles = new Map();
  const progress: Omit<SubscriptionProgress, 'troubles'> = {
    latestPollAt: null,
    latestCommitAt: null,
    uncommittedSince: null,
    lagRecords: 0,
    assigned: null,
  };
  const lagOf = new Map<string, number>();
  let aliveAt = Date.now();
  let done = false;

  const stop = (): void => {
    done = true;
    clearInterval(timer);
  };
  const onAway = (): void => {
    if (progress.uncommittedSince !== null) progress.uncommittedSince = Date.now();
  };
  const fatal = (message: string, cause?: unknown): void => {
    if (done) return;
    stop();
    onFatal(new Error(message, { cause }));
  };
  const noteLag = (topic: string, partition: number, records: number): void => {
    lagOf.set(`${topic}/${partition}`, records);
    progress.lagRecords = [...lagOf.values()].reduce((sum, lag) => sum + lag, 0);
  };
  const leaveGroup = (): void => {
    lagOf.clear();
    progress.lagRecords = 0;
    progress.assigned = null;
    progress.uncommittedSince = null;
    aliveAt = Date.now();
  };

  consumer.on(consumer.events.FETCH_START, () => {
    aliveAt = Date.now();
    progress.latestPollAt = aliveAt;
  });
  // Asked, and a broker that takes connections did not answer: it is frozen, not the client.
  consumer.on(consumer.events.REQUEST_TIMEOUT, () => {
    aliveAt = Date.now();
  });
  consumer.on(consumer.events.FETCH, () => void troubles.delete(FETCH));
  const onWork = (): void => {
    progress.uncommittedSince ??= Date.now();
  };
  consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload: { topic, partition, highWatermark, firstOffset } }) => {
    onWork();
    noteLag(topic, partition, Number(highWatermark) - Number(firstOffset));
  });
  // What came may have been nothing to commit.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, offsetLag } }) => {
    progress.uncommittedSince = null;
    noteLag(topic, partition, Number(offsetLag));
  });
  consumer.on(consumer.events.COMMIT_OFFSETS, () => {
    progress.latestCommitAt = Date.now();
    progress.uncommittedSince = null;
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    leaveGroup();
    // Its partitions are others now; whether Kafka can be read is seen at the next fetch.
    for (const place of troubles.keys()) if (place !== FETCH) troubles.delete(place);
    progress.assigned = payload.memberAssignment;
  });
  consumer.on(consumer.events.REBALANCING, leaveGroup);
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    leaveGroup();
    troubles.set(FETCH, `Kafka cannot be read: ${payload.error.message.slice(0, MESSAGE_LENGTH)}`);
    if (!payload.restart) fatal('The Kafka client gave up a subscription.', payload.error);
  });

  const check = (): void => {
    const now = Date.now();
    if (isUnreachable(connection.reach)) aliveAt = now;
    else if (progress.uncommittedSince === null && now - aliveAt > limits.noPollMs)
      fatal('A subscription has not polled Kafka for too long.');
    else if (progress.uncommittedSince !== null && now - progress.uncommittedSince > limits.noCommitMs)
      fatal('A subscription has records waiting and commits nothing.');
  };
  const timer = setInterval(check, Math.min(CHECK_EVERY_MS, limits.noPollMs / 2, limits.noCommitMs / 2));
  timer.unref();
  return {
    progress: (): SubscriptionProgress => ({ ...progress, troubles: [...troubles.values()] }),
    troubles,
    onWork,
    onAway,
    stop,
  };
}
