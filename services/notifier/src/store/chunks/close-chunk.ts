import { execute, query, type Transaction } from '@bijli/postgres';
import { addCounts } from '../messages/add-counts.ts';
import { SCOPE_NODES } from '../runs/measure-scope.ts';
import type { ChunkKey, ClaimedChunk } from './claimed-chunk.ts';

/**
 * Ends a chunk that this holder still holds, inside the caller's transaction. `cursor` is where the holder stands, of a chunk that it has prepared:
 * what was written ahead beyond it, by a commit whose answer was lost, never left, and nobody shall wait for it. @returns whether it did.
 */
export async function closeChunk(
  tx: Transaction,
  { runId, chunkNo, epoch }: ChunkKey,
  cursor: number | null,
): Promise<boolean> {
  const closed = await execute(
    tx,
    `update chunk set state = 'done', holder_id = null, cursor = coalesce(:cursor::int, cursor)
      where run_id = :runId and chunk_no = :chunkNo and epoch = :epoch and state <> 'done'`,
    { runId, chunkNo, epoch, cursor },
  );
  return closed === 1;
}

/** Counts the contacts of a chunk that is closed without having been expanded, inside the caller's transaction. */
export async function countUnexpanded(tx: Transaction, chunk: ClaimedChunk): Promise<number> {
  const [counted] = await (chunk.facts === null ? countPersonal(tx, chunk) : countFed(tx, chunk));
  return counted?.n ?? 0;
}

function countPersonal(tx: Transaction, { runDay, runId, chunkNo }: ClaimedChunk): Promise<{ n: number }[]> {
  return query(
    tx,
    `select count(*)::int as n from ledger where run_day = :runDay::date and run_id = :runId and chunk_no = :chunkNo`,
    { runDay, runId, chunkNo },
  );
}

function countFed(tx: Transaction, chunk: ClaimedChunk): Promise<{ n: number }[]> {
  const { runId, chunkNo, nodeIds, ownNodeIds, mobiles, rangeFrom, rangeTo } = chunk;
  return query(
    tx,
    `with ${SCOPE_NODES}
     select count(*)::int as n
       from audience x
      where x.node_id in (select node_id from scope_node)
        and case when :mobiles::bigint[] is not null then x.mobile_index = any(:mobiles)
                 when :chunkNo = 0 then x.mobile_index in (select f.mobile_index from run_first f where f.run_id = :runId)
                 else x.mobile_index >= :rangeFrom::bigint and x.mobile_index <= :rangeTo::bigint
                      and x.mobile_index not in (select f.mobile_index from run_first f where f.run_id = :runId) end`,
    { runId, chunkNo, nodeIds, ownNodeIds, mobiles, rangeFrom, rangeTo },
  );
}

/** Mobiles that are judged again in one extra chunk. */
const MOST_LATER = 5_000;
/**
 * A text on its way is settled in milliseconds, or after the ten seconds in which an answer is awaited. Where the look found nobody to tell, the
 * next one waits twice as long: a provider may be away for hours.
 */
const LATER_SECONDS = { first: 0.5, most: 60 };

/**
 * Makes an extra chunk of the mobiles that were put off and are due, or that came into the scope after the plan, once all other chunks of the
 * run are done.
 * A run that was complete goes on with it. Inside the caller's transaction.
 * @returns whether there is one.
 */
export async function addExtraChunk(tx: Transaction, runId: string): Promise<boolean> {
  await query(tx, 'select from run where run_id = :runId for update', { runId });
  const [added] = await query<{ chunk_no: number; run_day: string; came_later: number }>(
    tx,
    `with later as (
       delete from run_later where (run_id, mobile_index) in (
         select l.run_id, l.mobile_index
           from run_later l join run r on r.run_id = l.run_id
          where l.run_id = :runId and (l.due_at is null or l.due_at <= now()) and r.state in ('open', 'complete') and r.not_after > now()
            and not exists (select from chunk c where c.run_id = :runId and c.state <> 'done')
          limit :most)
       returning mobile_index, came_later),
     added as (
       insert into chunk (run_id, chunk_no, mobiles, not_before)
       select :runId::uuid, coalesce((select max(chunk_no) + 1 from chunk where run_id = :runId), 1), array_agg(mobile_index),
              now() + make_interval(secs => least(:mostSeconds::float8, :laterSeconds::float8 * 2 ^ least(10, (
                select count(*) from chunk c where c.run_id = :runId and c.mobiles is not null and c.carriers = 0))))
         from later having count(*) > 0
       returning chunk_no)
     select a.chunk_no, to_char(r.run_day, 'YYYY-MM-DD') as run_day, (select count(*)::int from later where came_later) as came_later
       from added a join run r on r.run_id = :runId`,
    { runId, most: MOST_LATER, laterSeconds: LATER_SECONDS.first, mostSeconds: LATER_SECONDS.most },
  );
  if (added === undefined) return false;
  const { chunk_no: chunkNo, run_day: runDay, came_later: n } = added;
  await addCounts(tx, [{ runDay, runId, chunkNo, measure: 'came-later', n }]);
  await execute(tx, `update run set state = 'open', ended_at = null where run_id = :runId and state = 'complete'`, {
    runId,
  });
  return true;
}
