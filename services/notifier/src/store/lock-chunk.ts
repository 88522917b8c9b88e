import type { Transaction } from '@bijli/postgres';
import type { HeldChunk } from './advance-cursor.ts';

/** Locks a chunk that this holder still holds, inside the caller's transaction. @returns false when it was lost. */
export async function lockChunk(tx: Transaction, chunk: HeldChunk): Promise<boolean> {
  const { rowCount } = (await tx.raw(
    `select from chunk where run_id = :runId and chunk_no = :chunkNo and epoch = :epoch for update`,
    { runId: chunk.runId, chunkNo: chunk.chunkNo, epoch: chunk.epoch },
  )) as { rowCount: number };
  return rowCount === 1;
}
