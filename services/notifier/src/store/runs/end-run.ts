import { type Database, execute, query, type Transaction, withTransaction } from '@bijli/postgres';

/**
 * Ends a run whose chunks are all done, inside the caller's transaction, and folds its counts. The run's row is locked first: of two
 * chunks that close together the second one sees the first. The last run of an outage that is over ends what was told of it; while an outage
 * stands, the end of a run of it lets nothing go.
 * @returns whether it ended.
 */
export async function endRun(tx: Transaction, runId: string): Promise<boolean> {
  const [run] = await query<{ runDay: string; mayLetGo: boolean }>(
    tx,
    `select to_char(run_day, 'YYYY-MM-DD') as "runDay",
            is_live and not exists (select from outage_now o where 'outage:' || o.outage_id = thread_id and (o.is_off or o.is_window)) as "mayLetGo"
       from run where run_id = :runId for update`,
    { runId },
  );
  if (run === undefined) return false;
  const ended = await execute(
    tx,
    `update run
        set ended_at = now(), state = case when state = 'open' then 'complete' when state = 'held' then 'superseded' else state end
      where run_id = :runId and ended_at is null
        and not exists (select from chunk c where c.run_id = :runId and c.state <> 'done')`,
    { runId },
  );
  if (ended === 0) return false;
  await foldCounts(tx, runId, run.runDay);
  if (run.mayLetGo) await execute(tx, LET_GO, { runId });
  return true;
}

/** Folds what was added to the counts of a run into its row, inside the caller's transaction, which has the row locked. */
async function foldCounts(tx: Transaction, runId: string, runDay: string): Promise<void> {
  await execute(
    tx,
    `with gone as (
       delete from count_change where run_day = :runDay::date and run_id = :runId returning measure, n),
     summed as (
       select measure, sum(n) as n
         from (select measure, n from gone
                union all select key, value::bigint from run r cross join jsonb_each_text(r.counts) where r.run_id = :runId) added
        group by measure)
     update run set counts = (select coalesce(jsonb_object_agg(measure, n), '{}') from summed) where run_id = :runId`,
    { runId, runDay },
  );
}

/** Folds what was added to the counts of runs since they ended: receipts come for days, and each list of runs would sum all that they added. */
export async function foldLateCounts(db: Database): Promise<void> {
  const runs = await query<{ runId: string; runDay: string }>(
    db,
    `select r.run_id as "runId", to_char(r.run_day, 'YYYY-MM-DD') as "runDay"
       from run r
      where r.ended_at is not null and r.run_id in (select run_id from count_change)
      order by r.run_id`,
  );
  for (const { runId, runDay } of runs) {
    await withTransaction(db, async (tx) => {
      await query(tx, 'select from run where run_id = :runId for update', { runId });
      await foldCounts(tx, runId, runDay);
    });
  }
}

/**
 * What was told holds while its outage stands or a run of it goes on, and where another one that does meets it: of two whose nodes meet, one may
 * have spoken in the other's place, and who was told off by the first waits for the end of the second. What meets a word that is held is held too:
 * it may have answered it. After that, tomorrow's cut is news.
 * It holds also, for three days, when an outage is over and nobody was told so: an event that says since when still comes.
 */
const LET_GO = `
  with recursive standing as materialized (
    select 'outage:' || outage_id as thread_id from outage_now where is_off or is_window
     union select thread_id from run where is_live and ended_at is null
     union select thread_id from run
            where is_live and kind = 'ended' and ended_at > now() - interval '3 days'
              and thread_id <> (select thread_id from run where run_id = :runId)),
  live as materialized (
    select distinct r.thread_id, n.node_id from run r cross join unnest(r.node_ids || r.own_node_ids) as n (node_id) where r.is_live),
  reach as materialized (
    select l.thread_id, up.node_id from live l join network_node w on w.node_id = l.node_id cross join unnest(w.path) as up (node_id)
     union select thread_id, node_id from live),
  meeting as materialized (
    select distinct above.thread_id as one, below.thread_id as other
      from live above join reach below on below.node_id = above.node_id and below.thread_id <> above.thread_id),
  held as (
    select thread_id from standing
     union
    select case when m.one = h.thread_id then m.other else m.one end from held h join meeting m on h.thread_id in (m.one, m.other))
  update run r set is_live = false
    from run this
   where this.run_id = :runId and this.kind <> 'ended' and r.is_live and r.thread_id not in (select thread_id from held)`;
