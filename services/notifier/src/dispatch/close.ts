import { withTransaction } from '@bijli/postgres';
import { addExtraChunk, closeChunk, countUnexpanded } from '../store/chunks/close-chunk.ts';
import { carriersIfExpanded } from '../store/chunks/hold-chunks.ts';
import type { ClaimedChunk } from '../store/chunks/claimed-chunk.ts';
import { addCounts } from '../store/messages/add-counts.ts';
import { endRun } from '../store/runs/end-run.ts';
import type { DispatchContext } from './context.ts';

/** What a closed chunk leaves unsent above its cursor, and why. */
export type Remainder = {
  readonly reason: 'superseded' | 'stale';
  /** Carriers above the cursor; null when the chunk was never expanded. */
  readonly carriers: number | null;
};

/**
 * Closes a chunk, and its run with the last one (PROTOCOL.md, step 11), unless mobiles of it were put off: they get a chunk of their own.
 * What lies above the cursor ends by range: it is counted, no row is written. `cursor` is null of a chunk that was not prepared. Does nothing when
 * the chunk was lost.
 */
export async function finishChunk(
  { db }: Pick<DispatchContext, 'db'>,
  chunk: ClaimedChunk,
  remainder: Remainder | null,
  cursor: number | null,
): Promise<void> {
  await withTransaction(db, async (tx) => {
    // Where the answer to its expansion was lost it is expanded, and its contacts are counted.
    const expanded = remainder?.carriers === null ? await carriersIfExpanded(tx, chunk) : null;
    if (!(await closeChunk(tx, chunk, cursor))) return;
    const { runDay, runId, chunkNo } = chunk;
    if (remainder !== null) {
      const carriers = remainder.carriers ?? expanded?.carriers ?? null;
      const isUnexpanded = carriers === null;
      const n = carriers ?? (await countUnexpanded(tx, chunk));
      const measure = isUnexpanded ? `${remainder.reason}:unexpanded` : remainder.reason;
      await addCounts(tx, [{ runDay, runId, chunkNo, measure, n }]);
    }
    if (await addExtraChunk(tx, runId)) return;
    await endRun(tx, runId);
  });
}
