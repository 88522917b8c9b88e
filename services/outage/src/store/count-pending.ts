import { type Database, query } from '@bijli/postgres';

/** Counts the changes that wait before they are told. */
export async function countPending(db: Database): Promise<number> {
  const [row] = await query<{ n: number }>(db, 'select count(*)::integer as n from pending_change');
  return row?.n ?? 0;
}
