import { isTopicName, topics } from '@bijli/events';
import type { Database } from '@bijli/postgres';
import { query } from '@bijli/postgres';

const DAY_MS = 86_400_000;
/** How long published rows of the outbox stay for whoever investigates. */
const OUTBOX_DAYS = 7;
/** How much longer than its topic an inbox remembers (architecture.md, "How one event travels"). */
const INBOX_EXTRA_DAYS = 7;
/** Kafka's own default, for topics that name no retention; compacted ones have none. */
const DEFAULT_RETENTION_DAYS = 7;
const ANSWER_DAYS = 7;
/** One statement looks at so many of the oldest rows: cleaning must not be felt. */
const WINDOW_ROWS = 5_000;

const cutoff = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

/** Deletes some of the oldest published rows of the outbox. */
export async function cleanOutbox(db: Database): Promise<void> {
  await query(
    db,
    `delete from outbox where id in (select id from (select id, published_at from outbox order by id limit ?) as oldest where published_at < ?::timestamptz)`,
    [WINDOW_ROWS, cutoff(OUTBOX_DAYS)],
  );
}

/** Deletes some of the oldest handled records of a subscription, its memory of applied events, and answers to old requests. */
export async function cleanInbox(db: Database, subscription: string, topic: string): Promise<void> {
  const before = cutoff(retentionDays(topic) + INBOX_EXTRA_DAYS);
  await query(
    db,
    `delete from inbox i using (select id, subscription, received_at from inbox order by id limit ?) as oldest
      where i.id = oldest.id and oldest.subscription = ? and oldest.received_at < ?::timestamptz
        and not exists (select from inbox_pending p where p.subscription = oldest.subscription and p.id = oldest.id)`,
    [WINDOW_ROWS, subscription, before],
  );
  await query(
    db,
    `delete from applied_event a using (select event_id, applied_at from applied_event where subscription = ? order by event_id limit ?) as oldest
      where a.subscription = ? and a.event_id = oldest.event_id and oldest.applied_at < ?::timestamptz`,
    [subscription, WINDOW_ROWS, subscription, before],
  );
  await query(
    db,
    `delete from answered_request where (operation, idempotency_key) in (select operation, idempotency_key from answered_request where answered_at < ?::timestamptz limit ?)`,
    [cutoff(ANSWER_DAYS), WINDOW_ROWS],
  );
}

function retentionDays(topic: string): number {
  const config: Readonly<Record<string, string>> = isTopicName(topic) ? topics[topic].config : {};
  const ms = Number(config['retention.ms'] ?? Number.NaN);
  return Number.isFinite(ms) && ms > 0 ? ms / DAY_MS : DEFAULT_RETENTION_DAYS;
}
