import { isTopicName, topics } from '@bijli/events';
import type { Database } from '@bijli/postgres';
import { query } from '@bijli/postgres';

const DAY_MS = 86_400_000;
/** How much longer than its topic an inbox remembers. */
const INBOX_EXTRA_DAYS = 7;
/** Kafka's own default, for topics that name no retention; compacted ones have none. */
const DEFAULT_RETENTION_DAYS = 7;
/** A note of what arrived is of use until that arrives again, which it does at the next start of its service. */
const NOTE_DAYS = 7;
/** Rows that one statement looks at, the oldest first, but for those that wait: cleaning must not be felt. */
const WINDOW_ROWS = 5_000;

const cutoff = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

/** Deletes some of the oldest handled records and of what is remembered of them, a week after their topic has forgotten them. */
export async function cleanInbox(db: Database): Promise<void> {
  const names = Object.keys(topics);
  await query(
    db,
    `delete from inbox i
      using (select id, subscription, topic, received_at from inbox
              where not exists (select from inbox_pending p where p.subscription = inbox.subscription and p.id = inbox.id offset 0)
              order by id limit :windowRows) as oldest
       left join unnest(:topics::text[], :days::double precision[]) as kept (topic, days) on kept.topic = oldest.topic
      where i.id = oldest.id and oldest.received_at < now() - coalesce(kept.days, :longestDays) * interval '1 day'`,
    { windowRows: WINDOW_ROWS, topics: names, days: names.map(inboxDays), longestDays: LONGEST_DAYS },
  );
  await query(
    db,
    `delete from applied_event
      where (subscription, event_id) in (select subscription, event_id from applied_event where applied_at < :before::timestamptz limit :windowRows)`,
    { before: cutoff(LONGEST_DAYS), windowRows: WINDOW_ROWS },
  );
  await query(db, 'delete from inbox_attempt where topic is not null and started_at < :before::timestamptz', {
    before: cutoff(NOTE_DAYS),
  });
}

const LONGEST_DAYS = Math.max(...Object.keys(topics).map(inboxDays));

function inboxDays(topic: string): number {
  const config: Readonly<Record<string, string>> = isTopicName(topic) ? topics[topic].config : {};
  const retentionMs = Number(config['retention.ms'] ?? Number.NaN);
  return (retentionMs > 0 ? retentionMs / DAY_MS : DEFAULT_RETENTION_DAYS) + INBOX_EXTRA_DAYS;
}
