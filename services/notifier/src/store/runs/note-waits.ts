import { execute, type Transaction } from '@bijli/postgres';
import { ABOVE, MET } from './meeting.ts';
import { WIDE_AUDIENCE } from '../chunks/wide-audience.ts';
import type { OutageNodes } from '../outages/keep-outage.ts';

/**
 * Notes which open runs of other outages meet a run that tells of a cut, inside the transaction that plans it: what they say is back may be
 * off again, so they wait for it chunk by chunk (write-ahead.ts).
 */
export async function noteWaits(
  tx: Transaction,
  runId: string,
  threadId: string,
  { nodeIds, ownNodeIds, audienceSize }: OutageNodes & { readonly audienceSize: number },
): Promise<void> {
  await execute(
    tx,
    `with scope as materialized (select unnest(:nodeIds::text[] || :ownNodeIds::text[]) as node_id),
     ${ABOVE},
     live as materialized (
       select r.run_id, n.node_id
         from run r cross join unnest(r.node_ids || r.own_node_ids) as n (node_id)
        where r.is_live and r.state = 'open' and r.ended_at is null and r.thread_id <> :threadId)
     insert into run_wait (run_id, for_run_id)
     select run_id, :runId::uuid from (${MET('run_id', { isWide: audienceSize > WIDE_AUDIENCE })}) met`,
    { runId, threadId, nodeIds, ownNodeIds },
  );
}

/**
 * Notes which open runs of other outages say that an outage keeps somebody off of which a run has other news, inside the transaction that plans
 * it: it may keep them off no longer, or until another time, so all that these runs say waits for it chunk by chunk (write-ahead.ts).
 */
export async function noteClaims(tx: Transaction, runId: string, threadId: string, outageId: string): Promise<void> {
  await execute(
    tx,
    `insert into run_wait (run_id, for_run_id, is_of_claim)
     select distinct r.run_id, :runId::uuid, true
       from run_claim k join run r on r.run_id = k.run_id
      where k.outage_id = :outageId and k.kind = 'off' and r.state = 'open' and r.ended_at is null and r.thread_id <> :threadId
     on conflict (run_id, for_run_id) do update set is_of_claim = true`,
    { runId, threadId, outageId },
  );
}
