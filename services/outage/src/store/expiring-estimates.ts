import { type Database, query } from '@bijli/postgres';

/** Open outages whose estimate has passed or is about to; `:expiresBy` is until when that is. For a statement on `outage o`. */
export const EXPIRING = `o.status = 'open' and o.estimated_restoration_at <= :expiresBy`;

/** Counts the open outages whose estimate passes until an instant. */
export async function countExpiringEstimates(db: Database, expiresBy: Date): Promise<number> {
  const [row] = await query<{ n: number }>(db, `select count(*)::integer as n from outage o where ${EXPIRING}`, {
    expiresBy,
  });
  return row?.n ?? 0;
}

/** Marks the open outages whose estimate passes until an instant, and gives those that were not marked for that estimate: each once, of all replicas. */
export async function markExpiringEstimates(db: Database, expiresBy: Date): Promise<string[]> {
  const rows = await query<{ id: string }>(
    db,
    `update outage o set alarmed_estimate_at = o.estimated_restoration_at
      where ${EXPIRING} and o.alarmed_estimate_at is distinct from o.estimated_restoration_at
     returning o.id`,
    { expiresBy },
  );
  return rows.map(({ id }) => id);
}
