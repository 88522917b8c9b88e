import { types } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Log } from './kafkajs-log.ts';
import type { RawRecord } from './raw-record.ts';
import { rawRecord } from './raw-record.ts';

/** One subscription at work. `prefix` is what the names of its topics begin with at the broker. */
export type Session = {
  consumer: Consumer;
  prefix: string;
  group: string;
  onBatch: (records: readonly RawRecord[]) => Promise<void>;
  log: Log;
  stopping: AbortSignal;
};

/** A member silent for longer than the session is dead to the group. */
export const HEARTBEAT_MS = 3_000;
/** The wait before something is tried again: `first`, then doubled, `most` at the most. */
export const BACK_OFF_MS = { first: 200, most: 5_000 };

/**
 * Hands one partition's batch to the subscriber until he has handled it, then commits its offset. What leaves it is a plain `Error` or one
 * of kafkajs' own (the group rebalances): a TypeError thrown into kafkajs ends the consumer for good while the process lives.
 */
export async function handleBatch(session: Session, payload: EachBatchPayload): Promise<void> {
  try {
    await handleAndCommit(session, payload);
  } catch (error) {
    if (types.isNativeError(error) && error.name.startsWith('KafkaJS')) throw error;
    throw new Error('A batch was not handled.', { cause: error });
  }
}

async function handleAndCommit({ consumer, prefix, ...session }: Session, payload: EachBatchPayload): Promise<void> {
  const { topic, partition, messages } = payload.batch;
  const last = messages.at(-1);
  if (last === undefined || payload.isStale()) return;
  const records = messages.map((message) => rawRecord(topic.slice(prefix.length), partition, message));
  await untilHandled(session, payload, records);
  payload.resolveOffset(last.offset);
  await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(last.offset) + 1n) }]);
}

/** Tries again here and not by kafkajs' retry, which would drop what was fetched, and keeps the membership alive meanwhile. */
async function untilHandled(
  { group, onBatch, log, stopping }: Omit<Session, 'consumer' | 'prefix'>,
  { heartbeat, isRunning }: EachBatchPayload,
  records: readonly RawRecord[],
): Promise<void> {
  // A heartbeat that fails here fails again where it is awaited.
  const beats = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_MS);
  try {
    for (let backOffMs = BACK_OFF_MS.first; ; backOffMs = Math.min(2 * backOffMs, BACK_OFF_MS.most)) {
      const failure = await failureOf(() => context.with(ROOT_CONTEXT, () => onBatch(records)));
      if (failure === undefined) return;
      log.warn({ group, error: nameOf(failure.error) }, 'batch cannot be handled yet');
      if (stopping.aborted || !isRunning()) throw failure.error;
      await wait(backOffMs, undefined, { signal: stopping }).catch(() => undefined);
      await heartbeat();
    }
  } finally {
    clearInterval(beats);
  }
}

async function failureOf(work: () => Promise<void>): Promise<{ error: unknown } | undefined> {
  try {
    await work();
    return undefined;
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
