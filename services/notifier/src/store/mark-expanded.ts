import type { Transaction } from '@bijli/postgres';
import type { HeldChunk } from './advance-cursor.ts';

/** This function will lock a chunk that waits for its expansion, inside the caller's transaction. @returns false when it was lost or is expanded. */
export async function lockWaitingChunk(tx: Transaction, chunk: HeldChunk): Promise<boolean> {
  const { rowCount } = (await tx.raw(
    `select from chunk where run_id = :runId and chunk_no = :chunkNo and epoch = :epoch and state = 'waiting' for update`,
    { runId: chunk.runId, chunkNo: chunk.chunkNo, epoch: chunk.epoch },
  )) as { rowCount: number };
  return rowCount === 1;
}

/** This function will note how many messages a chunk has, after lockWaitingChunk in the same transaction. */
export async function markExpanded(tx: Transaction, chunk: HeldChunk, carriers: number): Promise<void> {
  await tx.raw(
    `update chunk set state = 'expanded', carriers = :carriers where run_id = :runId and chunk_no = :chunkNo`,
    {
      runId: chunk.runId,
      chunkNo: chunk.chunkNo,
      carriers,
    },
  );
}
