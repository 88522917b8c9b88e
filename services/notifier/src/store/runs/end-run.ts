import { execute, query, type Transaction } from '@bijli/postgres';

/**
 * Ends a run whose chunks are all done, inside the caller's transaction, and folds its counts. The run's row is locked first: of two
 * chunks that close together the second one sees the first. The last run of an outage that is over ends what was told of it.
 * @returns whether it ended.
 */
export async function endRun(tx: Transaction, runId: string): Promise<boolean> {
  await query(tx, 'select from run where run_id = :runId for update', { runId });
  const ended = await execute(
    tx,
    `update run
        set ended_at = now(), state = case when state = 'open' then 'complete' when state = 'held' then 'superseded' else state end
      where run_id = :runId and ended_at is null
        and not exists (select from chunk c where c.run_id = :runId and c.state <> 'done')`,
    { runId },
  );
  if (ended === 0) return false;
  await foldCounts(tx, runId);
  await execute(tx, LET_GO, { runId });
  return true;
}

/** Folds what was added to the counts of a run into its row, inside the caller's transaction, which has the row locked. */
async function foldCounts(tx: Transaction, runId: string): Promise<void> {
  await execute(
    tx,
    `with gone as (
       delete from count_change d using run r
        where r.run_id = :runId and d.run_id = r.run_id and d.run_day = r.run_day returning d.measure, d.n),
     summed as (
       select measure, sum(n) as n
         from (select measure, n from gone
                union all select key, value::bigint from run r cross join jsonb_each_text(r.counts) where r.run_id = :runId) added
        group by measure)
     update run set counts = (select coalesce(jsonb_object_agg(measure, n), '{}') from summed) where run_id = :runId`,
    { runId },
  );
}

/**
 * What a thread told holds while its outage stands, or while a run of it goes on: tomorrow's cut is news. It holds also when an outage is over
 * and nobody was told so: an event that says since when still comes.
 */
const LET_GO = `
  update run r set is_live = false
    from run this
   where this.run_id = :runId and this.kind <> 'ended' and r.thread_id = this.thread_id and r.is_live
     and not exists (select from outage_now o
                      where this.thread_id = 'outage:' || o.outage_id and (o.is_off or o.is_window))
     and not exists (select from run other where other.thread_id = this.thread_id and other.is_live and other.ended_at is null)`;
