import { type Database, execute, query } from '@bijli/postgres';

/** Finds complete runs into whose scope somebody came since, or of which somebody who was put off is due, oldest first. */
export async function findRunsWithArrivals(db: Database): Promise<string[]> {
  const rows = await query<{ run_id: string }>(
    db,
    `select r.run_id from run r
      where r.state = 'complete' and r.not_after > now() and r.run_id in (select run_id from run_later where due_at is null or due_at <= now())
      order by r.run_id`,
  );
  return rows.map(({ run_id }) => run_id);
}

/** Forgets who came to runs that tell nobody any more: a newer run speaks for them, or it is too late. */
export async function forgetArrivals(db: Database): Promise<void> {
  await execute(
    db,
    `delete from run_later l using run r
      where r.run_id = l.run_id and r.ended_at is not null and (r.state not in ('open', 'complete') or r.not_after <= now())`,
  );
}
