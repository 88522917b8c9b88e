import { types } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Batch, Consumer, EachBatchPayload } from 'kafkajs';
import type { Place } from './fetch-at.ts';
import { fetchAt } from './fetch-at.ts';
import type { SetAt } from './find-reach.ts';
import { findReach } from './find-reach.ts';
import type { Log } from './kafkajs-log.ts';
import type { RawRecord } from './raw-record.ts';
import type { FetchedPortion, FetchedSet } from './record-set/read-record-set.ts';
import { readRecordSet } from './record-set/read-record-set.ts';
import type { FoundUnreadable, UnreadableBatch } from './record-set/unreadable-batch.ts';
import type { Troubles } from './supervise.ts';

/** One subscription at work. `prefix` is what the names of its topics begin with at the broker. */
export type Session = {
  readonly consumer: Consumer;
  readonly prefix: string;
  readonly group: string;
  readonly onBatch: (records: readonly RawRecord[]) => Promise<void>;
  readonly onUnreadable: (batch: UnreadableBatch) => Promise<void>;
  readonly log: Log;
  readonly stopping: AbortSignal;
  /** Where something unreadable began that was met once, by topic and partition. */
  readonly metOnce: Map<string, bigint>;
  readonly troubles: Troubles;
  /** Called before each portion is handled. */
  readonly onWork: () => void;
  readonly isAway: (error: unknown) => boolean;
  /** Called when a batch could not be handled since what it needs is away. */
  readonly onAway: () => void;
};

/** A member silent for longer than the session is dead to the group. */
export const HEARTBEAT_MS = 3_000;
/** The wait before something is tried again: `first`, then doubled, `most` at the most. */
export const BACK_OFF_MS = { first: 200, most: 5_000 };

/**
 * How long one partition keeps the others waiting that are fetched together with it, as long as it has more portions: what is left is then
 * fetched once more.
 */
const TURN_MS = 250;

/**
 * Reads what was fetched of one partition, hands its records to the subscriber until they are handled, and commits the offset behind
 * them. What leaves it is a plain `Error` or one of kafkajs' own (the group rebalances): a TypeError thrown into kafkajs ends the consumer
 * for good while the process lives.
 */
export async function handleBatch(session: Session, payload: EachBatchPayload): Promise<void> {
  try {
    await handleAndCommit(session, payload);
  } catch (error) {
    if (types.isNativeError(error) && error.name.startsWith('KafkaJS')) throw error;
    throw new Error('A batch was not handled.', { cause: error });
  }
}

async function handleAndCommit(session: Session, payload: EachBatchPayload): Promise<void> {
  if (payload.isStale() || (await isRefused(session, payload.batch))) return;
  const endOfTurn = Date.now() + TURN_MS;
  for await (const portion of readRecordSet(fetchedSet(session.prefix, payload.batch))) {
    session.onWork();
    await handlePortion(session, payload, portion);
    if (Date.now() >= endOfTurn || payload.isStale() || !payload.isRunning()) return;
  }
}

async function handlePortion(session: Session, payload: EachBatchPayload, portion: FetchedPortion): Promise<void> {
  const { records, next, unreadable } = portion;
  if (records.length > 0) await untilHandled(session, payload, () => session.onBatch(records));
  if (unreadable === null || records.length > 0) await commit(session, payload, next);
  if (unreadable !== null && !isFirstMeeting(session, unreadable)) await pass(session, payload, unreadable);
}

/** Has something unreadable noted as a whole, however far it reaches, and goes on behind it. */
async function pass(session: Session, payload: EachBatchPayload, found: FoundUnreadable): Promise<void> {
  const { topic, partition } = payload.batch;
  const whole = await untilHandled(session, payload, () =>
    findReach(found, setsOf(session.consumer, { topic, partition })),
  );
  if (whole === null) return; // the topic has forgotten it; the next fetch finds where it begins now
  await untilHandled(session, payload, () => session.onUnreadable(whole));
  await commit(session, payload, whole.last + 1n);
}

/** The record sets of a partition, from any offset. */
export function setsOf(consumer: Consumer, place: Omit<Place, 'offset'>): SetAt {
  return async (offset) => (await fetchAt(consumer, { ...place, offset }))?.recordSet ?? null;
}

/** The wait before a partition is asked for again that the broker does not give; the others wait as long, once a fetch. */
const REFUSED_PAUSE_MS = 500;

/** The broker may be unable to give one partition (its log is damaged, its disk is gone): the others go on. */
async function isRefused({ prefix, troubles, stopping }: Session, batch: Batch): Promise<boolean> {
  const topic = batch.topic.slice(prefix.length);
  const place = `${topic} ${batch.partition}`;
  troubles.delete(place);
  if (batch.errorCode === 0) return false;
  troubles.set(place, `the broker does not give ${topic} [${batch.partition}]: error ${batch.errorCode}`);
  await wait(REFUSED_PAUSE_MS, undefined, { signal: stopping }).catch(() => undefined);
  return true;
}

/** What came of a partition, by the name that its topic has without prefix. */
export function fetchedSet(prefix: string, batch: Batch): FetchedSet {
  return {
    topic: batch.topic.slice(prefix.length),
    partition: batch.partition,
    from: BigInt(batch.fetchedOffset),
    highWatermark: BigInt(batch.highWatermark),
    aborted: batch.abortedTransactions,
    octets: batch.recordSet,
  };
}

/** What cannot be read is fetched once more before it is passed: it may have been damaged on its way. */
function isFirstMeeting({ metOnce, log, group }: Session, unreadable: FoundUnreadable): boolean {
  const { topic, partition, first, reason } = unreadable;
  const place = `${topic} ${partition}`;
  if (metOnce.get(place) === first) return !metOnce.delete(place);
  metOnce.set(place, first);
  log.warn({ group, topic, partition, offset: String(first), reason }, 'a batch cannot be read, it is fetched again');
  return true;
}

async function commit({ consumer }: Session, { batch, resolveOffset }: EachBatchPayload, next: bigint): Promise<void> {
  const { topic, partition } = batch;
  resolveOffset(String(next - 1n));
  await consumer.commitOffsets([{ topic, partition, offset: String(next) }]);
}

/** Tries again here and not by kafkajs' retry, which would drop what was fetched, and keeps the membership alive meanwhile. */
async function untilHandled<T>(
  { group, log, stopping, isAway, onAway }: Session,
  { heartbeat, isRunning }: EachBatchPayload,
  handle: () => Promise<T>,
): Promise<T> {
  // A heartbeat that fails here fails again where it is awaited.
  const beats = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_MS);
  try {
    for (let backOffMs = BACK_OFF_MS.first; ; backOffMs = Math.min(2 * backOffMs, BACK_OFF_MS.most)) {
      const ended = await endOf(() => context.with(ROOT_CONTEXT, handle));
      if ('value' in ended) return ended.value;
      log.warn({ group, error: nameOf(ended.error) }, 'batch cannot be handled yet');
      if (isAway(ended.error)) onAway();
      if (stopping.aborted || !isRunning()) throw ended.error;
      await wait(backOffMs, undefined, { signal: stopping }).catch(() => undefined);
      await heartbeat();
    }
  } finally {
    clearInterval(beats);
  }
}

async function endOf<T>(work: () => Promise<T>): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}

/** Name and code only: the message may quote a value. */
function nameOf(error: unknown): string {
  if (!types.isNativeError(error)) return typeof error;
  const { name, code } = error as Error & { code?: unknown };
  return code === undefined ? name : `${name} ${String(code)}`;
}
