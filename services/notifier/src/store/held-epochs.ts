import type { Transaction } from '@bijli/postgres';
import type { HeldChunk } from './advance-cursor.ts';

/** Tells which of these chunks are still at the epoch named, inside the caller's transaction. Keys are `runId/chunkNo/epoch`. */
export async function heldEpochs(tx: Transaction, chunks: readonly HeldChunk[]): Promise<ReadonlySet<string>> {
  const { rows } = (await tx.raw(
    `select c.run_id, c.chunk_no, c.epoch
       from chunk c
       join unnest(cast(:runIds as uuid[]), cast(:chunkNos as int[]), cast(:epochs as int[])) as held (run_id, chunk_no, epoch)
         on c.run_id = held.run_id and c.chunk_no = held.chunk_no and c.epoch = held.epoch
        for share of c`,
    {
      runIds: chunks.map((chunk) => chunk.runId),
      chunkNos: chunks.map((chunk) => chunk.chunkNo),
      epochs: chunks.map((chunk) => chunk.epoch),
    },
  )) as { rows: { run_id: string; chunk_no: number; epoch: number }[] };
  return new Set(rows.map((row) => chunkKey({ runId: row.run_id, chunkNo: row.chunk_no, epoch: row.epoch })));
}

/** Names a held chunk as a map key. */
export function chunkKey(chunk: HeldChunk): string {
  return `${chunk.runId}/${chunk.chunkNo}/${chunk.epoch}`;
}
