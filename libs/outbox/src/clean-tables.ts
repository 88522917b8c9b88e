import { isTopicName, topics } from '@bijli/events';
import type { Database } from '@bijli/postgres';
import { query } from '@bijli/postgres';

const DAY_MS = 86_400_000;
/** How long published rows of the outbox stay for whoever investigates. */
const OUTBOX_DAYS = 7;
/** How much longer than its topic an inbox remembers. */
const INBOX_EXTRA_DAYS = 7;
/** Kafka's own default, for topics that name no retention; compacted ones have none. */
const DEFAULT_RETENTION_DAYS = 7;
/** How long the answer to an `Idempotency-Key` is kept at least; the OpenAPI documents say so. */
export const ANSWER_DAYS = 7;
/** A note of what arrived is of use until that arrives again, which it does at the next start of its service. */
const NOTE_DAYS = 7;
/** One statement looks at so many of the oldest rows, and of the events in them: cleaning must not be felt. */
const WINDOW_ROWS = 5_000;

const cutoff = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

/** Deletes some of the oldest published rows of the outbox. */
export async function cleanOutbox(db: Database): Promise<void> {
  await query(
    db,
    `delete from outbox
      where id in (
        select id
          from (select id, published_at, sum(event_count) over (order by id) - event_count as events_before
                  from (select id, published_at, event_count from outbox order by id limit ?) as oldest) as counted
         where events_before < ? and published_at < ?::timestamptz)`,
    [WINDOW_ROWS, WINDOW_ROWS, cutoff(OUTBOX_DAYS)],
  );
}

/** Deletes some of the oldest handled records and of what is remembered of them, a week after their topic has forgotten them. */
export async function cleanInbox(db: Database): Promise<void> {
  const names = Object.keys(topics);
  await query(
    db,
    `delete from inbox i
      using (select id, subscription, topic, received_at from inbox order by id limit ?) as oldest
       left join unnest(?::text[], ?::double precision[]) as kept (topic, days) on kept.topic = oldest.topic
      where i.id = oldest.id and oldest.received_at < now() - coalesce(kept.days, ?) * interval '1 day'
        and not exists (select from inbox_pending p where p.subscription = oldest.subscription and p.id = oldest.id)`,
    [WINDOW_ROWS, names, names.map(inboxDays), LONGEST_DAYS],
  );
  await query(
    db,
    `delete from applied_event
      where (subscription, event_id) in (select subscription, event_id from applied_event where applied_at < ?::timestamptz limit ?)`,
    [cutoff(LONGEST_DAYS), WINDOW_ROWS],
  );
  await query(
    db,
    `delete from answered_request
      where (operation, idempotency_key) in (select operation, idempotency_key from answered_request where answered_at < ?::timestamptz limit ?)`,
    [cutoff(ANSWER_DAYS), WINDOW_ROWS],
  );
  await query(db, 'delete from inbox_attempt where topic is not null and started_at < ?::timestamptz', [
    cutoff(NOTE_DAYS),
  ]);
}

const LONGEST_DAYS = Math.max(...Object.keys(topics).map(inboxDays));

function inboxDays(topic: string): number {
  const config: Readonly<Record<string, string>> = isTopicName(topic) ? topics[topic].config : {};
  const retentionMs = Number(config['retention.ms'] ?? Number.NaN);
  return (retentionMs > 0 ? retentionMs / DAY_MS : DEFAULT_RETENTION_DAYS) + INBOX_EXTRA_DAYS;
}
