import { withTransaction } from '@bijli/postgres';
import { addCounts } from '../store/add-counts.ts';
import type { ClaimedChunk } from '../store/claim-chunk.ts';
import { closeChunk } from '../store/close-chunk.ts';
import { countUnexpanded } from '../store/count-unexpanded.ts';
import { endRun } from '../store/end-run.ts';
import type { DispatchContext } from './context.ts';

/** What a closed chunk leaves unsent above its cursor, and why. */
export type Remainder = {
  readonly reason: 'superseded' | 'stale';
  /** Carriers above the cursor; null when the chunk was never expanded. */
  readonly carriers: number | null;
};

/**
 * Closes a chunk, and its run with the last one (PROTOCOL.md, step 11). What lies above the
 * cursor ends by range: it is counted, no row is written. Does nothing when the chunk was lost.
 */
export async function finishChunk(
  dispatch: DispatchContext,
  chunk: ClaimedChunk,
  remainder: Remainder | null,
): Promise<void> {
  await withTransaction(dispatch.db, async (tx) => {
    if (!(await closeChunk(tx, chunk))) return;
    if (remainder !== null) {
      const isUnexpanded = remainder.carriers === null;
      const n = remainder.carriers ?? (await countUnexpanded(tx, chunk));
      await addCounts(tx, [
        {
          runId: chunk.runId,
          chunkNo: chunk.chunkNo,
          measure: isUnexpanded ? `${remainder.reason}:unexpanded` : remainder.reason,
          n,
        },
      ]);
    }
    await endRun(tx, chunk.runId);
  });
}
