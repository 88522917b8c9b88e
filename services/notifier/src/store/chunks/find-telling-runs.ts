import { query, type Transaction } from '@bijli/postgres';
import { WIDE_AUDIENCE } from './wide-audience.ts';
import { ABOVE, MET } from '../runs/meeting.ts';
import type { BroadcastChunk } from './claimed-chunk.ts';

/** A run that may have told people of a scope something that still holds. */
export type TellingRun = { readonly runId: string; readonly runDay: string };

/**
 * Finds the runs that may have told the people of a run's scope something: earlier ones of its own outage, and all of other outages that meet
 * it, above or below. What an outage reaches is what any of its runs told of, since its nodes may shrink. What other runs told says nothing of
 * these people.
 */
export function findTellingRuns(
  tx: Transaction,
  { runId, threadId, nodeIds, ownNodeIds, audienceSize }: BroadcastChunk,
): Promise<TellingRun[]> {
  return query<TellingRun>(
    tx,
    `with scope as materialized (
       select unnest(:nodeIds::text[] || :ownNodeIds::text[]) as node_id
        union select unnest(r.node_ids || r.own_node_ids) from run r where r.is_live and r.thread_id = :threadId),
     ${ABOVE},
     live as materialized (
       select distinct r.thread_id, n.node_id
         from run r cross join unnest(r.node_ids || r.own_node_ids) as n (node_id)
        where r.is_live and r.kind <> 'ended'),
     met as materialized (
       select :threadId as thread_id
        union ${MET('thread_id', { isWide: audienceSize > WIDE_AUDIENCE })})
     select r.run_id as "runId", to_char(r.run_day, 'YYYY-MM-DD') as "runDay"
       from run r
      where r.is_live and r.run_id <> :runId and r.kind <> 'ended' and r.thread_id in (select thread_id from met)`,
    { runId, threadId, nodeIds, ownNodeIds },
  );
}

/** Lists the runs whose word holds. */
export async function listLiveRuns(tx: Transaction): Promise<string[]> {
  const rows = await query<{ runId: string }>(tx, `select run_id as "runId" from run where is_live`);
  return rows.map(({ runId }) => runId);
}

/** Tells whether there are runs whose word holds, beside those that were listed. */
export async function hasNewRuns(tx: Transaction, listed: readonly string[]): Promise<boolean> {
  const rows = await query(tx, 'select from run where is_live and run_id <> all(:listed::uuid[]) limit 1', { listed });
  return rows.length > 0;
}

/**
 * Locks a chunk together with those chunks of other runs that may speak to its mobiles, in one order: of two that are expanded at once the
 * second sees what the first has written. Cursors of locked chunks stand still. Inside the caller's transaction.
 * @returns false when the chunk was lost.
 */
export async function lockMeeting(
  tx: Transaction,
  { runId, chunkNo, epoch, rangeFrom, rangeTo }: BroadcastChunk,
  telling: readonly TellingRun[],
): Promise<boolean> {
  const locked = await query<{ isOurs: boolean }>(
    tx,
    `select c.run_id = :runId and c.epoch = :epoch as "isOurs"
       from chunk c
      where (c.run_id = :runId and c.chunk_no = :chunkNo)
         or (c.run_id = any(:telling::uuid[]) and c.state <> 'done'
             and (c.range_from is null or :rangeFrom::bigint is null or (c.range_from <= :rangeTo::bigint and c.range_to >= :rangeFrom)))
      order by c.run_id, c.chunk_no for no key update`,
    { runId, chunkNo, epoch, rangeFrom, rangeTo, telling: telling.map((run) => run.runId) },
  );
  return locked.some(({ isOurs }) => isOurs);
}
