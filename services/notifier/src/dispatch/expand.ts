import { withTransaction } from '@bijli/postgres';
import { templateFamilies } from '../domain/template-families.ts';
import { addCounts } from '../store/add-counts.ts';
import type { ClaimedChunk } from '../store/claim-chunk.ts';
import { expandChunk } from '../store/expand-chunk.ts';
import { lockChunk } from '../store/lock-chunk.ts';
import { markExpanded } from '../store/mark-expanded.ts';
import { markInDoubt } from '../store/mark-in-doubt.ts';
import { refreshPersonalChunk } from '../store/refresh-personal-chunk.ts';
import type { DispatchContext } from './context.ts';

/**
 * Makes a claimed chunk ready to be sent: expand it at its first claim (a personal one has its rows
 * already: they are brought up to date); at a later one settle as in
 * doubt what the earlier holder had written ahead without an outcome.
 * @returns the number of carriers, or null when the chunk was lost meanwhile.
 */
export function readyChunk(dispatch: DispatchContext, chunk: ClaimedChunk): Promise<number | null> {
  return chunk.isExpanded ? recover(dispatch, chunk) : expand(dispatch, chunk);
}

function expand(dispatch: DispatchContext, chunk: ClaimedChunk): Promise<number | null> {
  return withTransaction(dispatch.db, async (tx) => {
    if (!(await lockChunk(tx, chunk))) return null;
    const contacts =
      chunk.facts === null
        ? await refreshPersonalChunk(tx, chunk)
        : await expandChunk(tx, chunk, templateFamilies(chunk.kind, chunk.facts));
    const carriers = contacts.find(({ measure }) => measure === 'carrier')?.n ?? 0;
    await markExpanded(tx, chunk, carriers);
    await addCounts(
      tx,
      contacts.map(({ measure, n }) => ({ runId: chunk.runId, chunkNo: chunk.chunkNo, measure, n })),
    );
    return carriers;
  });
}

async function recover(dispatch: DispatchContext, chunk: ClaimedChunk): Promise<number | null> {
  const inDoubt = await withTransaction(dispatch.db, async (tx) => {
    if (!(await lockChunk(tx, chunk))) return null;
    const n = await markInDoubt(tx, chunk, dispatch.provider);
    await addCounts(tx, [{ runId: chunk.runId, chunkNo: chunk.chunkNo, measure: 'in-doubt', n }]);
    return n;
  });
  if (inDoubt === null) return null;
  dispatch.counters.inDoubt += inDoubt;
  if (inDoubt > 0)
    dispatch.log.warn(
      { runId: chunk.runId, chunkNo: chunk.chunkNo, inDoubt },
      'messages of an earlier holder are in doubt',
    );
  return chunk.carriers;
}
