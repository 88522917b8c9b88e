import type { EventOf, TopicName } from '@bijli/events';
import { encodeEvent, topics } from '@bijli/events';
import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { activeTraceparent } from './trace-context.ts';

/** The channel on which a commit wakes the relay; the relay polls as well. */
export const OUTBOX_CHANNEL = 'outbox';

/** One statement takes so many rows; more are written by several, in order. */
const ROWS_PER_STATEMENT = 1_000;

/**
 * Adds events to the outbox, inside the caller's transaction: they are published when it commits, never when it does not. Events of one
 * aggregate are published in the order in which their transactions took the aggregate's lock, so take it first. Stores the `traceparent`
 * of the active span unless `traced` is false (mass imports). Throws when an event does not fit its schema or is too large for its topic.
 */
export async function appendEvents<T extends TopicName>(
  tx: Transaction,
  topic: T,
  events: readonly EventOf<T>[],
  options: { traced?: boolean } = {},
): Promise<void> {
  const traceparent = options.traced === false ? null : (activeTraceparent() ?? null);
  for (let from = 0; from < events.length; from += ROWS_PER_STATEMENT) {
    await insertEvents(tx, topic, events.slice(from, from + ROWS_PER_STATEMENT), traceparent);
  }
}

async function insertEvents<T extends TopicName>(
  tx: Transaction,
  topic: T,
  events: readonly EventOf<T>[],
  traceparent: string | null,
): Promise<void> {
  const keyField = topics[topic].keyField;
  await query(
    tx,
    `with appended as (
       insert into outbox (topic, traceparent, key, value, event_id, type, occurred_at)
       select ?, ?, key, value, event_id, type, occurred_at
         from unnest(?::text[], ?::bytea[], ?::uuid[], ?::text[], ?::timestamptz[]) with ordinality as event (key, value, event_id, type, occurred_at, position)
        order by position)
     select pg_notify('${OUTBOX_CHANNEL}', '')`,
    [
      topic,
      traceparent,
      events.map((event) => event[keyField]),
      events.map((event) => encodeEvent(topic, event)),
      events.map((event) => event.eventId),
      events.map((event) => event.type),
      events.map((event) => event.occurredAt.toISOString()),
    ],
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
