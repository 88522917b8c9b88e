import { type Database, query } from '@bijli/postgres';
import type { ChunkKey } from '../chunks/claimed-chunk.ts';

/** A message of a chunk. */
export type MessageKey = Pick<ChunkKey, 'runId' | 'chunkNo'> & { readonly runDay: string; readonly seq: number };

/**
 * Finds which of these messages were accepted after all, as `runId/chunkNo/seq`: a holder that is gone may have committed late, a receipt may
 * have said it. They do not go once more.
 */
export async function findSettled(db: Database, messages: readonly MessageKey[]): Promise<ReadonlySet<string>> {
  if (messages.length === 0) return new Set();
  const rows = await query<{ runId: string; chunkNo: number; seq: number }>(
    db,
    `with asked as materialized (
       select * from unnest(:runDays::date[], :runIds::uuid[], :chunkNos::int[], :seqs::int[]) as m (run_day, run_id, chunk_no, seq))
     select m.run_id as "runId", m.chunk_no as "chunkNo", m.seq
       from asked m
      where exists (select from message_state s
                     where s.run_day = any(:runDays::date[]) and s.run_day = m.run_day and s.run_id = m.run_id and s.chunk_no = m.chunk_no and s.seq = m.seq and s.state = 'accepted')
         or exists (select from accepted_pack p
                     where p.run_day = any(:runDays::date[]) and p.run_day = m.run_day and p.run_id = m.run_id and p.chunk_no = m.chunk_no and m.seq = any(p.seqs))`,
    {
      runDays: messages.map(({ runDay }) => runDay),
      runIds: messages.map(({ runId }) => runId),
      chunkNos: messages.map(({ chunkNo }) => chunkNo),
      seqs: messages.map(({ seq }) => seq),
    },
  );
  return new Set(rows.map(({ runId, chunkNo, seq }) => `${runId}/${chunkNo}/${seq}`));
}
