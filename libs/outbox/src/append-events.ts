import type { EventOf, TopicName } from '@bijli/events';
import { encodeEvent, topics } from '@bijli/events';
import type { SqlValue, Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { activeTraceparent } from './trace-context.ts';

/** The channel on which a commit wakes the relay; the relay polls as well. */
export const OUTBOX_CHANNEL = 'outbox';

/** One statement takes so many rows; more are written by several, in order. */
const ROWS_PER_STATEMENT = 1_000;

/** Events in pieces, as somebody looks them up; between two pieces the transaction may be used. */
type Pieces<T extends TopicName> = AsyncIterable<readonly EventOf<T>[]>;

/**
 * Adds events to the outbox, inside the caller's transaction: they are published when it commits, never when it does not. Events of one
 * aggregate are published in the order in which their transactions took the aggregate's lock, so take it first. Stores the `traceparent`
 * of the active span unless `traced` is false (mass imports). Very many events are given in pieces: each is encoded while PostgreSQL writes
 * the one before it. Throws when an event does not fit its schema or is too large for its topic.
 */
export async function appendEvents<T extends TopicName>(
  tx: Transaction,
  topic: T,
  events: readonly EventOf<T>[] | Pieces<T>,
  options: { traced?: boolean } = {},
): Promise<void> {
  const traceparent = options.traced === false ? null : (activeTraceparent() ?? null);
  let encoded: SqlValue[] | undefined;
  for await (const some of piecesOf<T>(events)) {
    const writing = encoded && insertEvents(tx, [topic, traceparent, ...encoded]);
    try {
      encoded = encode(topic, some);
    } finally {
      await writing;
    }
  }
  if (encoded) await insertEvents(tx, [topic, traceparent, ...encoded]);
}

async function* piecesOf<T extends TopicName>(
  events: readonly EventOf<T>[] | Pieces<T>,
): AsyncGenerator<readonly EventOf<T>[]> {
  if (Symbol.asyncIterator in events) {
    for await (const some of events) yield* piecesOf<T>(some);
    return;
  }
  for (let from = 0; from < events.length; from += ROWS_PER_STATEMENT)
    yield events.slice(from, from + ROWS_PER_STATEMENT);
}

/** The columns of some events: key, value, event id, type, time. */
function encode<T extends TopicName>(topic: T, events: readonly EventOf<T>[]): SqlValue[] {
  const keyField = topics[topic].keyField;
  return [
    events.map((event) => event[keyField]),
    events.map((event) => encodeEvent(topic, event)),
    events.map((event) => event.eventId),
    events.map((event) => event.type),
    events.map((event) => event.occurredAt.toISOString()),
  ];
}

async function insertEvents(tx: Transaction, values: readonly SqlValue[]): Promise<void> {
  await query(
    tx,
    `with appended as (
       insert into outbox (topic, traceparent, key, value, event_id, type, occurred_at)
       select ?, ?, key, value, event_id, type, occurred_at
         from unnest(?::text[], ?::bytea[], ?::uuid[], ?::text[], ?::timestamptz[]) with ordinality as event (key, value, event_id, type, occurred_at, position)
        order by position)
     select pg_notify('${OUTBOX_CHANNEL}', '')`,
    values,
  );
}

/** Adds tombstones to the outbox of a compacted topic, inside the caller's transaction: Kafka then forgets these keys. */
export async function appendTombstones(tx: Transaction, topic: TopicName, keys: readonly string[]): Promise<void> {
  await query(
    tx,
    `with appended as (
       insert into outbox (topic, traceparent, key)
       select ?, ?, key from unnest(?::text[]) with ordinality as tombstone (key, position) order by position)
     select pg_notify('${OUTBOX_CHANNEL}', '')`,
    [topic, activeTraceparent() ?? null, [...keys]],
  );
}
