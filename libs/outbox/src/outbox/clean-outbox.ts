import type { Database } from '@bijli/postgres';
import { query } from '@bijli/postgres';

const DAY_MS = 86_400_000;
/** How long published rows of the outbox stay for those who investigate. */
const OUTBOX_DAYS = 7;
/** Rows, and events in them, that one statement looks at, the oldest first: cleaning must not be felt. */
const WINDOW_ROWS = 5_000;

/** Deletes some of the oldest published rows of the outbox. */
export async function cleanOutbox(db: Database): Promise<void> {
  await query(
    db,
    `delete from outbox
      where id in (
        select id
          from (select id, published_at, sum(event_count) over (order by id) - event_count as events_before
                  from (select id, published_at, event_count from outbox order by id limit :windowRows) as oldest) as counted
         where events_before < :windowRows and published_at < :before::timestamptz)`,
    { windowRows: WINDOW_ROWS, before: new Date(Date.now() - OUTBOX_DAYS * DAY_MS).toISOString() },
  );
}
