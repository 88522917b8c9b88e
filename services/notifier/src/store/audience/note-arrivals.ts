import { execute, query, type Transaction } from '@bijli/postgres';

/** Name of the lock between plans and the audience. */
const AUDIENCE_LOCK = `hashtext('audience')`;

/**
 * Waits until every change of the audience that is under way is committed, and lets none begin before the caller's transaction ends: a run
 * that it stores finds each change in the audience when it is expanded, or is found by the change (noteArrivals).
 */
export async function lockAudience(tx: Transaction): Promise<void> {
  await query(tx, `select pg_advisory_xact_lock(${AUDIENCE_LOCK})`);
}

/** Who may have come into the scope of a run: contacts of these connections, or everybody on these nodes. */
export type Arrivals =
  | { readonly connectionIds: readonly string[]; readonly nodeIds: readonly string[] }
  | { readonly connectionIds: null; readonly nodeIds: readonly string[] };

/**
 * Notes, of contacts that changed, those whom an outage keeps off, or announces work to, and of whom its newest run does not know: they came
 * after its plan. They are judged in a chunk of their own (plan/sweep-arrivals.ts). Inside the transaction of the change, after it.
 * @returns how many mobiles came, for each run.
 */
export async function noteArrivals(tx: Transaction, { connectionIds, nodeIds }: Arrivals): Promise<number> {
  if (nodeIds.length === 0) return 0;
  await query(tx, `select pg_advisory_xact_lock_shared(${AUDIENCE_LOCK})`);
  const met = await findRunsThatMeet(tx, nodeIds);
  if (met.length === 0) return 0;
  return execute(
    tx,
    `insert into run_later (run_id, mobile_index, came_later)
     select distinct m.run_id, a.mobile_index, true
       from unnest(:runIds::uuid[], :runDays::date[], :metNodeIds::text[]) as m (run_id, run_day, node_id)
       join audience a on a.node_id = m.node_id
      where (:connectionIds::uuid[] is null or a.connection_id = any(:connectionIds))
        and not exists (select from ledger l where l.run_day = any(:runDays::date[]) and l.run_day = m.run_day and l.run_id = m.run_id
                                               and l.connection_id = a.connection_id and l.contact_no = a.contact_no)
     on conflict (run_id, mobile_index) do update set due_at = null where run_later.due_at is not null`,
    {
      connectionIds,
      runIds: met.map(({ runId }) => runId),
      runDays: met.map(({ runDay }) => runDay),
      metNodeIds: met.map(({ nodeId }) => nodeId),
    },
  );
}

/** The newest runs of outages that stand, with those of the nodes that they reach. */
async function findRunsThatMeet(
  tx: Transaction,
  nodeIds: readonly string[],
): Promise<{ runId: string; runDay: string; nodeId: string }[]> {
  const [standing] = await query(tx, 'select from outage_now where is_off or is_window limit 1');
  if (standing === undefined) return [];
  return query(
    tx,
    `select distinct r.run_id as "runId", to_char(r.run_day, 'YYYY-MM-DD') as "runDay", d.node_id as "nodeId"
       from unnest(:nodeIds::text[]) as d (node_id)
       left join network_node w on w.node_id = d.node_id
      cross join lateral unnest(case when cardinality(w.path) > 0 then w.path else array[d.node_id] end) with ordinality as up (node_id, depth)
       join outage_node n on n.node_id = up.node_id and (up.depth = 1 or not n.is_own)
       join outage_now o on o.outage_id = n.outage_id and (o.is_off or o.is_window)
       join run r on r.thread_id = 'outage:' || o.outage_id and r.revision = o.version
      where r.state in ('open', 'complete') and r.not_after > now()`,
    { nodeIds },
  );
}
