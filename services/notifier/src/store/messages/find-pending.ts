import { execute, query, type Transaction } from '@bijli/postgres';
import type { MessageState } from '../../domain/message-states.ts';
import type { ClaimedChunk } from '../chunks/claimed-chunk.ts';
import { addCounts } from './add-counts.ts';
import { FURTHEST_FIRST } from './furthest-first.ts';

/** A message below the cursor that is not done with. */
export type PendingMessage = {
  readonly seq: number;
  readonly sendNo: number;
  readonly state: Extract<MessageState, 'ambiguous' | 'returned' | 'deferred' | 'blocked'>;
  readonly recordedAt: Date;
  /** Sends that nobody answered. */
  readonly doubts: number;
};

/** The state of each message of a chunk that has one, folded as domain/message-states.ts does. */
const LATEST = `latest as materialized (
  select distinct on (m.seq) m.seq, m.send_no, m.state, m.recorded_at
    from message_state m
   where m.run_day = :runDay::date and m.run_id = :runId and m.chunk_no = :chunkNo
   order by m.seq, ${FURTHEST_FIRST('m')})`;

/**
 * Notes as ambiguous what a holder that is gone wrote ahead and said nothing of: nobody knows whether it left. As rows of the new epoch,
 * inside the caller's transaction, with the chunk locked.
 * @returns how many there were.
 */
export async function markAmbiguous(tx: Transaction, chunk: ClaimedChunk, provider: string): Promise<number> {
  const { runDay, runId, chunkNo, epoch, cursor } = chunk;
  const n = await execute(
    tx,
    `with packed as materialized (
       select unnest(seqs) as seq from accepted_pack where run_day = :runDay::date and run_id = :runId and chunk_no = :chunkNo),
     ${LATEST}
     insert into message_state (run_day, run_id, chunk_no, seq, send_no, epoch, state, provider, recorded_at)
     select :runDay::date, :runId::uuid, :chunkNo::int, m.seq, coalesce(l.send_no, 1), :epoch::int, 'ambiguous', :provider, now()
       from generate_series(1, :cursor::int) as m (seq)
       left join latest l on l.seq = m.seq
      where (l.seq is null or l.state = 'underway') and m.seq not in (select seq from packed)`,
    { runDay, runId, chunkNo, epoch, cursor, provider },
  );
  await addCounts(tx, [{ runDay, runId, chunkNo, measure: 'in-doubt', n }]);
  return n;
}

/** Finds what of a chunk is below its cursor and not done with, inside the caller's transaction. */
export function findPending(tx: Transaction, { runDay, runId, chunkNo }: ClaimedChunk): Promise<PendingMessage[]> {
  return query<PendingMessage>(
    tx,
    `with ${LATEST}
     select seq, send_no as "sendNo", state, recorded_at as "recordedAt",
            (select count(distinct d.send_no)::int from message_state d
              where d.run_day = :runDay::date and d.run_id = :runId and d.chunk_no = :chunkNo and d.seq = latest.seq and d.state = 'ambiguous') as doubts
       from latest where state in ('ambiguous', 'returned', 'deferred', 'blocked') order by seq`,
    { runDay, runId, chunkNo },
  );
}
