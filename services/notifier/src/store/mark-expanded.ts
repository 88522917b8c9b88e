import type { Transaction } from '@bijli/postgres';
import type { HeldChunk } from './advance-cursor.ts';

/** Notes how many messages a chunk has, after lockChunk in the same transaction. */
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
