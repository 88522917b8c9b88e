import { PoisonMessageError } from '@bijli/events';
import type { Log, RawRecord } from '@bijli/kafka';
import type { Database, Transaction } from '@bijli/postgres';
import { isConnectionError, isTransientError, withTransaction } from '@bijli/postgres';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import type { WrittenBefore } from '../dead-letters/write-dead-letters.ts';
import { writeDeadLetters } from '../dead-letters/write-dead-letters.ts';
import type { Counts } from '../subscriptions/counts.ts';
import type { HandlingSpans } from '../records/start-handling.ts';
import { endSpan, startHandling, underItsTrace } from '../records/start-handling.ts';
import type { AnyEvent } from '../records/inbox-rows.ts';
import type { OnOutcome, Outcome } from '../subscriptions/outcome.ts';
import { NotYetError } from '../records/not-yet-error.ts';
import { deadReasonOf } from '../records/read-event.ts';
import type { Reading } from './read-projected.ts';
import { newestOfKeys, readProjected } from './read-projected.ts';
import type { Heard, ProjectionSubscription } from '../subscriptions/subscription.ts';

/** What a projection works with. */
export type Projector = {
  readonly group: string;
  readonly subscription: ProjectionSubscription;
  readonly db: Database;
  readonly counts: Counts;
  readonly log: Log;
  readonly onOutcome?: OnOutcome | undefined;
};

/** One batch on its way. */
type Projecting = {
  readonly projector: Projector;
  readonly spans: HandlingSpans;
  readonly writtenBefore: WrittenBefore;
};

/** Tries of a record that fails without being transient; they follow at once, since its partition waits. */
const MAX_ATTEMPTS = 3;

/**
 * Applies what some partitions brought, reduced to the newest state of each key, in one transaction; when it fails, halves it until the record
 * that fails is alone and becomes a dead letter. Rejects with a transient error, and with that of a record that waits for what has not come
 * yet (`NotYetError`); the batch is then to be given again.
 */
export async function projectBatch(
  projector: Projector,
  records: readonly RawRecord[],
  writtenBefore: WrittenBefore,
): Promise<void> {
  const { newest, older } = newestOfKeys(records.map((record) => readProjected(projector.subscription, record)));
  const spans: HandlingSpans = new Map();
  try {
    await applyOrHalve({ projector, spans, writtenBefore }, newest);
    for (const { record } of older) report(projector, record, 'superseded');
  } catch (error) {
    const { subscription, log } = projector;
    if (error instanceof NotYetError)
      log.warn({ subscription: subscription.name, detail: error.message }, 'records wait, and all behind them');
    throw error;
  } finally {
    for (const id of [...spans.keys()]) endSpan(spans, id, 'unfinished');
  }
}

async function applyOrHalve(projecting: Projecting, readings: readonly Reading[], attempt = 1): Promise<void> {
  if (readings.length === 0) return;
  try {
    await withTransaction(projecting.projector.db, (tx) => applyReadings(projecting, tx, readings));
  } catch (error) {
    await afterFailure(projecting, readings, attempt, error);
    return;
  }
  for (const reading of readings) reportReading(projecting, reading);
}

async function afterFailure(
  projecting: Projecting,
  readings: readonly Reading[],
  attempt: number,
  error: unknown,
): Promise<void> {
  const [only] = readings;
  if (isConnectionError(error) || only === undefined) throw error;
  if (readings.length > 1) {
    const middle = Math.ceil(readings.length / 2);
    const halves = [readings.slice(0, middle), readings.slice(middle)];
    let waits: NotYetError | null = null;
    for (const half of halves) {
      waits = (await waitingIn(() => applyOrHalve(projecting, half))) ?? waits;
    }
    if (waits !== null) throw waits;
  } else if (isTransientError(error) || error instanceof NotYetError) throw error;
  else if (attempt < MAX_ATTEMPTS && !(error instanceof PoisonMessageError))
    await applyOrHalve(projecting, readings, attempt + 1);
  else await applyOrHalve(projecting, [{ record: only.record, deadReason: deadReasonOf(error) }]);
}

/** Its neighbours do not wait with a record for what has not come yet. */
async function waitingIn(work: () => Promise<void>): Promise<NotYetError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof NotYetError) return error;
    throw error;
  }
}

async function applyReadings(
  { projector, spans, writtenBefore }: Projecting,
  tx: Transaction,
  readings: readonly Reading[],
): Promise<void> {
  const { group, subscription } = projector;
  const receivedAt = new Date();
  const told = readings.filter((reading) => 'event' in reading);
  const heard = told.map(({ record, event }) => heardOf(group, { record, receivedAt }, event, spans));
  const erased = readings.filter((reading) => 'tombstoneOf' in reading).map(({ tombstoneOf }) => tombstoneOf);
  const dead = readings.filter((reading) => 'deadReason' in reading);
  if (heard.length > 0) await underItsTrace(heard, () => subscription.apply(tx, heard));
  if (erased.length > 0) await subscription.applyTombstones?.(tx, erased);
  await writeDeadLetters(tx, subscription.name, dead, writtenBefore);
}

/** Of half a million records none is traced: they are given as they are. */
function heardOf(
  group: string,
  { record, receivedAt }: { record: RawRecord; receivedAt: Date },
  event: AnyEvent,
  spans: HandlingSpans,
): Heard<AnyEvent> {
  const { topic, traceparent } = record;
  if (traceparent === undefined) return { event, context: ROOT_CONTEXT, receivedAt };
  return startHandling(group, { id: placeOf(record), topic, headers: { traceparent }, receivedAt }, event, spans);
}

/** Tells what became of a record, after its transaction has committed. */
function reportReading({ projector, spans }: Projecting, reading: Reading): void {
  const { record } = reading;
  if ('deadReason' in reading) {
    const { topic, partition } = record;
    const place = { subscription: projector.subscription.name, topic, partition, offset: String(record.offset) };
    projector.log.error({ ...place, ...reading.deadReason }, 'record is a dead letter');
    endSpan(spans, placeOf(record), reading.deadReason.reason);
    report(projector, record, 'dead', { detail: reading.deadReason.reason });
  } else if ('event' in reading) {
    if (record.traceparent !== undefined) endSpan(spans, placeOf(record));
    report(projector, record, 'applied', { eventId: reading.event.eventId });
  } else report(projector, record, 'erased');
}

function report(
  { counts, subscription, onOutcome }: Projector,
  record: RawRecord,
  outcome: Outcome['outcome'],
  more: Partial<Outcome> = {},
): void {
  counts.add(`${outcome}_total`);
  if (onOutcome === undefined) return;
  const { topic, partition, offset, key } = record;
  onOutcome({ subscription: subscription.name, topic, partition, offset, key: key ?? '', outcome, ...more });
}

const placeOf = ({ partition, offset }: RawRecord): string => `${partition}/${offset}`;
