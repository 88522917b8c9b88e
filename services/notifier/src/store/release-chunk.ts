import type { Database } from '@bijli/postgres';
import type { HeldChunk } from './advance-cursor.ts';

/** Gives a chunk back, so that the next claim need not wait for the lease. Nothing happens if it was lost. */
export async function releaseChunk(db: Database, chunk: HeldChunk): Promise<void> {
  await db.raw(
    `update chunk set leased_until = null where run_id = :runId and chunk_no = :chunkNo and epoch = :epoch and state <> 'done'`,
    {
      runId: chunk.runId,
      chunkNo: chunk.chunkNo,
      epoch: chunk.epoch,
    },
  );
}
