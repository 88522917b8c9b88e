import { type Database, execute, query, type Transaction } from '@bijli/postgres';

/** Makes sure that the partitions of one civil day exist (YYYY-MM-DD, India). Cheap when they do. */
export async function openDay(db: Database | Transaction, day: string): Promise<void> {
  const [found] = await query<{ is_open: boolean }>(
    db,
    `select to_regclass('public.count_change_' || :suffix::text) is not null as is_open`,
    { suffix: day.replaceAll('-', '') },
  );
  if (found?.is_open !== true) await execute(db, 'select open_day(:day::date)', { day });
}
