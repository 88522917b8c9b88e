import type { Transaction } from '@bijli/postgres';
import type { HeldChunk } from './advance-cursor.ts';

/** Ends a chunk that this holder still holds, inside the caller's transaction. @returns whether it did. */
export async function closeChunk(tx: Transaction, chunk: HeldChunk): Promise<boolean> {
  const { rowCount } = (await tx.raw(
    `update chunk set state = 'done', leased_until = null
      where run_id = :runId and chunk_no = :chunkNo and epoch = :epoch and state <> 'done'`,
    { runId: chunk.runId, chunkNo: chunk.chunkNo, epoch: chunk.epoch },
  )) as { rowCount: number };
  return rowCount === 1;
}
