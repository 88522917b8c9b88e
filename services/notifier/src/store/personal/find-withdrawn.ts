import { type Database, query } from '@bijli/postgres';

/** A part of a chunk that is about to be sent. */
export type SeqRange = { readonly runId: string; readonly chunkNo: number; readonly from: number; readonly to: number };

/** Finds which messages of chunks were withdrawn, as `runId/chunkNo/seq`. */
export async function findWithdrawn(db: Database, ranges: readonly SeqRange[]): Promise<ReadonlySet<string>> {
  if (ranges.length === 0) return new Set();
  const rows = await query<{ runId: string; chunkNo: number; seq: number }>(
    db,
    `select w.run_id as "runId", w.chunk_no as "chunkNo", w.seq
       from unnest(:runIds::uuid[], :chunkNos::int[], :froms::int[], :tos::int[]) as asked (run_id, chunk_no, seq_from, seq_to)
       join withdrawn_message w
         on w.run_id = asked.run_id and w.chunk_no = asked.chunk_no and w.seq >= asked.seq_from and w.seq <= asked.seq_to`,
    {
      runIds: ranges.map(({ runId }) => runId),
      chunkNos: ranges.map(({ chunkNo }) => chunkNo),
      froms: ranges.map(({ from }) => from),
      tos: ranges.map(({ to }) => to),
    },
  );
  return new Set(rows.map(({ runId, chunkNo, seq }) => `${runId}/${chunkNo}/${seq}`));
}
