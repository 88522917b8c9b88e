import { type Database, execute, query } from '@bijli/postgres';

/** Runs that are deleted with one statement. */
const RUNS_AT_ONCE = 500;

/**
 * Ends the oldest day of the ledger, and of all that is kept by day, when it is before `day` (civil date, India).
 * @returns whether there was one; there may be more.
 */
export async function closeDay(db: Database, day: string): Promise<boolean> {
  const [closed] = await query<{ n: number }>(db, 'select close_day(:day::date) as n', { day });
  return closed?.n === 1;
}

/** Forgets runs of before a day, with their chunks, a part at a time. @returns whether there may be more. */
export async function forgetRuns(db: Database, day: string): Promise<boolean> {
  const gone = await execute(
    db,
    `delete from run where run_id in (
       select run_id from run where run_day < :day::date and ended_at is not null and not is_live limit :most)`,
    { day, most: RUNS_AT_ONCE },
  );
  return gone === RUNS_AT_ONCE;
}

/** Forgets outages that are over since before a day, and what was told of those that nobody ended. */
export async function forgetOutages(db: Database, day: string): Promise<void> {
  await execute(db, `update run set is_live = false where is_live and run_day < :day::date and ended_at is not null`, {
    day,
  });
  await execute(db, 'delete from outage_now where not is_off and not is_window and heard_at < :day::date', { day });
}
