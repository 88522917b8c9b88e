import { execute, type Transaction } from '@bijli/postgres';
import type { OutageNodes } from '../outages/keep-outage.ts';

/**
 * Notes which open runs of other outages meet a run that tells of a cut, inside the transaction that plans it: what they say is back may be
 * off again, so they wait for it chunk by chunk (write-ahead.ts).
 */
export async function noteWaits(
  tx: Transaction,
  runId: string,
  threadId: string,
  { nodeIds, ownNodeIds }: OutageNodes,
): Promise<void> {
  await execute(
    tx,
    `with scope as materialized (select unnest(:nodeIds::text[] || :ownNodeIds::text[]) as node_id),
     above as materialized (
       select distinct unnest(w.path) as node_id from scope s join network_node w on w.node_id = s.node_id
        union select node_id from scope)
     insert into run_wait (run_id, for_run_id)
     select r.run_id, :runId::uuid
       from run r
      where r.is_live and r.state = 'open' and r.ended_at is null and r.thread_id <> :threadId
        and exists (select from unnest(r.node_ids || r.own_node_ids) as n (node_id)
                     where n.node_id in (select node_id from above)
                        or exists (select from network_node w cross join unnest(w.path) as up (node_id)
                                    where w.node_id = n.node_id and up.node_id in (select node_id from scope)))`,
    { runId, threadId, nodeIds, ownNodeIds },
  );
}
