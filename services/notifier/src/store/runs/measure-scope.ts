import { execute, query, type Transaction } from '@bijli/postgres';
import type { OutageNodes } from '../outages/keep-outage.ts';

/** All nodes that a scope feeds, itself included: what hangs on any of these is meant. */
export const SCOPE_NODES = `scope_node as materialized (
    with recursive below as (
      select unnest(:nodeIds::text[]) as node_id
       union
      select n.node_id
        from below b cross join lateral (select node_id from network_node n where n.parent_id = b.node_id offset 0) n)
    select node_id from below union select unnest(:ownNodeIds::text[]))`;

/** Counts the contacts that a scope feeds, inside the caller's transaction. */
export async function measureScope(tx: Transaction, scope: OutageNodes): Promise<number> {
  const [counted] = await query<{ n: number }>(
    tx,
    `with ${SCOPE_NODES}
     select coalesce(sum(a.n), 0)::int as n
       from scope_node s
      cross join lateral (select count(*) as n from audience a where a.node_id = s.node_id) a`,
    { ...scope },
  );
  return counted?.n ?? 0;
}

/** Stores the mobiles that hear first, because a hospital or the like hangs on them; answers how many. Inside the caller's transaction. */
export async function insertFirst(tx: Transaction, runId: string, scope: OutageNodes): Promise<number> {
  return execute(
    tx,
    `with ${SCOPE_NODES}
     insert into run_first (run_id, mobile_index)
     select distinct :runId::uuid, a.mobile_index
       from scope_node s
      cross join lateral (select mobile_index from audience a where a.is_critical and a.node_id = s.node_id offset 0) a`,
    { runId, ...scope },
  );
}

/** Notes how many contacts a run concerns; it is refused, or held, when they are too many. Inside the caller's transaction. */
export async function sizeRun(
  tx: Transaction,
  runId: string,
  audienceSize: number,
  becomes: 'as-planned' | 'held' | 'refused',
): Promise<void> {
  await execute(tx, SIZED[becomes], { runId, audienceSize });
}

const SIZED = {
  'as-planned': 'update run set audience_size = :audienceSize where run_id = :runId',
  held: `update run set audience_size = :audienceSize, state = 'held', state_reason = 'mass-alert' where run_id = :runId`,
  refused: `update run set audience_size = :audienceSize, state = 'refused', state_reason = 'audience-too-large', ended_at = now() where run_id = :runId`,
};
