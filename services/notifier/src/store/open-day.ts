import type { Database, Transaction } from '@bijli/postgres';

/** Makes sure that the partitions of one civil day exist (YYYY-MM-DD, India). Cheap when they do. */
export async function openDay(db: Database | Transaction, day: string): Promise<void> {
  const { rows } = (await db.raw(`select to_regclass('public.ledger_' || :suffix) is not null as is_open`, {
    suffix: day.replaceAll('-', ''),
  })) as {
    rows: { is_open: boolean }[];
  };
  if (rows[0]?.is_open !== true) await db.raw('select open_day(cast(:day as date))', { day });
}
