import { type Database, query, type Transaction } from '@bijli/postgres';

/** What waits to be sent, and what waits for an operator. */
export type Backlog = {
  /** Runs that are open. */
  readonly openRuns: number;
  /** Contacts of open runs that have no outcome yet; some of them may turn out to share a mobile or to be skipped. */
  readonly waitingContacts: number;
  /** Runs that are held and may still be released. */
  readonly heldRuns: number;
  /** Runs that were refused in the last 24 hours. */
  readonly refusedRuns: number;
};

/** The contacts of each open run that have no outcome yet, as runCounts has them. */
const OPEN_RUNS = `open_run as materialized (
  select r.run_id, r.lane, r.planned_at,
         greatest(0, r.audience_size - coalesce((
           select sum(d.n)
             from (select measure, n from count_change where run_day = any(:days::date[]) and run_day = r.run_day and run_id = r.run_id
                    union all select key, value::bigint from jsonb_each_text(r.counts)) d
            where (d.measure in ('accepted', 'rejected', 'in-doubt', 'superseded', 'stale', 'unrenderable', 'coalesced',
                                 'superseded:unexpanded', 'stale:unexpanded') or starts_with(d.measure, 'skipped:'))), 0)) as waiting
    from run r
   where r.state = 'open' and r.ended_at is null)`;

/** Measures what waits. Its cost grows with what is open, not with what is over. */
export async function measureBacklog(db: Database | Transaction): Promise<Backlog> {
  const [row] = await query<Backlog>(
    db,
    `with ${OPEN_RUNS}
     select (select count(*)::integer from open_run) as "openRuns",
            (select coalesce(sum(waiting), 0)::double precision from open_run) as "waitingContacts",
            (select count(*)::integer from run where state = 'held' and not_after > now()) as "heldRuns",
            (select count(*)::integer from run where state = 'refused' and planned_at > now() - interval '24 hours') as "refusedRuns"`,
    { days: await findOpenDays(db) },
  );
  return row ?? { openRuns: 0, waitingContacts: 0, heldRuns: 0, refusedRuns: 0 };
}

/** Counts, for open runs by their id, the contacts of the runs that are sent before them. */
export async function countAhead(db: Database, runIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (runIds.length === 0) return new Map();
  const rows = await query<{ runId: string; ahead: number }>(
    db,
    `with ${OPEN_RUNS}, ordered as (
       select run_id, sum(waiting) over (order by lane, planned_at, run_id rows between unbounded preceding and 1 preceding) as ahead
         from open_run)
     select run_id as "runId", coalesce(ahead, 0)::double precision as ahead from ordered where run_id = any(:runIds::uuid[])`,
    { runIds, days: await findOpenDays(db) },
  );
  return new Map(rows.map(({ runId, ahead }) => [runId, ahead]));
}

/** Stands for no day: an empty list would leave no partition alone. */
const NO_DAY = ['1970-01-01'];

/** Days of open runs: as values, so that the planner leaves all other partitions alone. */
async function findOpenDays(db: Database | Transaction): Promise<string[]> {
  const rows = await query<{ day: string }>(
    db,
    `select distinct to_char(run_day, 'YYYY-MM-DD') as day from run where state = 'open' and ended_at is null`,
  );
  return rows.length === 0 ? NO_DAY : rows.map(({ day }) => day);
}
