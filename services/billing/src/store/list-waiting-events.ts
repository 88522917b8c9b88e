import { type Database, query } from '@bijli/postgres';
import { type StoredWaiting, type WaitingRow, waitingOf } from './waiting-events.ts';

/** `after` is the id of the last one of the page before; `reason` null means any. */
export type WaitingPage = { readonly reason: string | null; readonly after: string; readonly limit: number };

/** Lists what waits, in the order in which it was heard. */
export async function listWaitingEvents(db: Database, { reason, after, limit }: WaitingPage): Promise<StoredWaiting[]> {
  const rows = await query<WaitingRow>(
    db,
    `select * from waiting_event where (:reason::text is null or reason = :reason) and id > :after order by id limit :limit`,
    { reason, after, limit },
  );
  return rows.map(waitingOf);
}

/** Counts what waits, by reason. */
export async function countWaitingEvents(db: Database): Promise<Map<string, number>> {
  const rows = await query<{ reason: string; count: number }>(
    db,
    'select reason, count(*)::integer as count from waiting_event group by reason',
  );
  return new Map(rows.map(({ reason, count }) => [reason, count]));
}
