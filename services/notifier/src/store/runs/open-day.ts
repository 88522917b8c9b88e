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

/** A day that is open is asked for again after this long. */
const STAYS_OPEN_MS = 10_000;
const MOST_REMEMBERED = 100;

/** Makes the same for who writes many times a second: which days are open is remembered for a moment. */
export function openDays(db: Database): (days: Iterable<string>) => Promise<void> {
  const askedAt = new Map<string, number>();
  return async (days) => {
    const now = performance.now();
    for (const day of new Set(days)) {
      if (now - (askedAt.get(day) ?? Number.NEGATIVE_INFINITY) < STAYS_OPEN_MS) continue;
      await openDay(db, day);
      if (askedAt.size > MOST_REMEMBERED) askedAt.clear();
      askedAt.set(day, now);
    }
  };
}
