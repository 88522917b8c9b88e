import { decodeEvent, type EventOf, type TopicName } from '@bijli/events';
import { type Database, query } from '@bijli/postgres';

/** What the registry has said on a topic so far, in order. */
export async function said<T extends TopicName>(db: Database, topic: T): Promise<EventOf<T>[]> {
  const rows = await query<{ value: Buffer }>(
    db,
    'select value from outbox_event where topic = :topic order by outbox_id, position',
    { topic },
  );
  return rows.map(({ value }) => decodeEvent(topic, value));
}
