import type { EventOf, TopicName } from '@bijli/events';
import { encodeEvent, topics } from '@bijli/events';
import type { Transaction } from '@bijli/postgres';
import { isPostgresError, query } from '@bijli/postgres';
import { oneAhead } from './one-ahead.ts';
import type { ListedEvent, OutboxRow } from './outbox-row.ts';
import { activeTraceparent } from '@bijli/tracing';

/** The channel on which a commit wakes the relay; the relay polls as well. */
export const OUTBOX_CHANNEL = 'outbox';

/** The most events of one row, and the most octets of their values; a row holds one event at least. More are written as several rows, in order. */
const ROW_EVENTS = 1_000;
const ROW_BYTES = 512 * 1024;

/** Events in pieces, as somebody looks them up or makes them, in the same transaction. */
type Pieces<T extends TopicName> = AsyncIterable<readonly EventOf<T>[]>;

/**
 * Adds events to the outbox, inside the caller's transaction: they are published when it commits, never when it does not. Events of one
 * aggregate are published in the order in which their transactions took the aggregate's lock, so take it first. Stores the `traceparent`
 * of the active span unless `traced` is false (mass imports). Very many events are given in pieces: each is encoded while PostgreSQL makes the
 * next and writes the one before. Throws when an event does not fit its schema or is too large for its topic.
 */
export async function appendEvents<T extends TopicName>(
  tx: Transaction,
  topic: T,
  events: readonly EventOf<T>[] | Pieces<T>,
  options: { traced?: boolean } = {},
): Promise<void> {
  const traceparent = options.traced === false ? null : activeTraceparent();
  const pieces = piecesOf<T>(events);
  let rows: OutboxRow[] = [];
  for await (const some of pieces) {
    const writing = insertRows(tx, rows).catch(async (error: unknown) => {
      throw await causeOf(error, pieces);
    });
    try {
      rows = encodeRows(topic, traceparent, some);
    } finally {
      await writing;
    }
  }
  await insertRows(tx, rows);
}

/**
 * Finds why a transaction failed. A statement that runs beside the making of the next piece fails with "the transaction is aborted" where
 * that piece's own statement failed before it: the error of the piece is the cause.
 */
async function causeOf(error: unknown, pieces: AsyncGenerator): Promise<unknown> {
  if (!isPostgresError(error, 'inFailedTransaction')) return error;
  try {
    for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next());
    return error;
  } catch (cause) {
    return cause;
  }
}

async function* piecesOf<T extends TopicName>(
  events: readonly EventOf<T>[] | Pieces<T>,
): AsyncGenerator<readonly EventOf<T>[]> {
  if (Symbol.asyncIterator in events) {
    for await (const some of oneAhead(events)) yield* piecesOf<T>(some);
    return;
  }
  for (let from = 0; from < events.length; from += ROW_EVENTS) yield events.slice(from, from + ROW_EVENTS);
}

function encodeRows<T extends TopicName>(
  topic: T,
  traceparent: string | null,
  events: readonly EventOf<T>[],
): OutboxRow[] {
  const keyField = topics[topic].keyField;
  const rows: OutboxRow[] = [];
  let listed: ListedEvent[] = [];
  let values: Buffer[] = [];
  let start = 0;
  const close = (): void => {
    if (listed.length > 0) rows.push({ topic, traceparent, events: listed, payload: Buffer.concat(values, start) });
    listed = [];
    values = [];
    start = 0;
  };
  for (const event of events) {
    const value = encodeEvent(topic, event);
    if (start + value.length > ROW_BYTES) close();
    const { eventId: id, type, occurredAt } = event;
    listed.push({ key: event[keyField], id, type, time: occurredAt.toISOString(), start, length: value.length });
    values.push(value);
    start += value.length;
  }
  close();
  return rows;
}

async function insertRows(tx: Transaction, rows: readonly OutboxRow[]): Promise<void> {
  for (const { topic, traceparent, events, payload } of rows)
    await query(
      tx,
      `with appended as (
         insert into outbox (topic, traceparent, events, payload) values (:topic, :traceparent, :events::json, :payload))
       select pg_notify('${OUTBOX_CHANNEL}', '')`,
      { topic, traceparent, events: JSON.stringify(events), payload },
    );
}

/** Adds tombstones to the outbox of a compacted topic, inside the caller's transaction: Kafka then forgets these keys. */
export async function appendTombstones(tx: Transaction, topic: TopicName, keys: readonly string[]): Promise<void> {
  const traceparent = activeTraceparent();
  for (let from = 0; from < keys.length; from += ROW_EVENTS) {
    const events = keys.slice(from, from + ROW_EVENTS).map((key) => ({ key }));
    await insertRows(tx, [{ topic, traceparent, events, payload: Buffer.alloc(0) }]);
  }
}
