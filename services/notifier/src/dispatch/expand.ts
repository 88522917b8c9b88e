import { withTransaction } from '@bijli/postgres';
import { templateFamilies } from '../domain/template-families.ts';
import { addCounts } from '../store/add-counts.ts';
import type { ClaimedChunk } from '../store/claim-chunk.ts';
import { type ExpandedContact, expandChunk } from '../store/expand-chunk.ts';
import { lockWaitingChunk, markExpanded } from '../store/mark-expanded.ts';
import { markInDoubt } from '../store/mark-in-doubt.ts';
import type { DispatchContext } from './context.ts';

/**
 * This function will make a claimed chunk ready to be sent: expand it at its first claim; at a later one record as in
 * doubt what the earlier holder had written ahead without an outcome.
 * @returns the number of carriers, or null when the chunk was lost meanwhile.
 */
export async function readyChunk(dispatch: DispatchContext, chunk: ClaimedChunk): Promise<number | null> {
  if (chunk.isExpanded) {
    await recover(dispatch, chunk);
    return chunk.carriers;
  }
  return withTransaction(dispatch.db, async (tx) => {
    if (!(await lockWaitingChunk(tx, chunk))) return null;
    const contacts = await expandChunk(tx, chunk, templateFamilies(chunk.kind, chunk.facts));
    const carriers = contacts.filter((contact) => contact.fate === 'carrier').length;
    await markExpanded(tx, chunk, carriers);
    await addCounts(tx, countsOf(chunk, contacts));
    return carriers;
  });
}

async function recover(dispatch: DispatchContext, chunk: ClaimedChunk): Promise<void> {
  if (chunk.cursor === 0) return;
  const inDoubt = await withTransaction(dispatch.db, async (tx) => {
    const n = await markInDoubt(tx, chunk, dispatch.provider);
    await addCounts(tx, [{ runId: chunk.runId, chunkNo: chunk.chunkNo, measure: 'in-doubt', n }]);
    return n;
  });
  dispatch.counters.inDoubt += inDoubt;
  if (inDoubt > 0)
    dispatch.log.warn(
      { runId: chunk.runId, chunkNo: chunk.chunkNo, inDoubt },
      'messages of an earlier holder are in doubt',
    );
}

function countsOf({ runId, chunkNo }: ClaimedChunk, contacts: readonly ExpandedContact[]) {
  const measureOf = ({ fate, reason }: ExpandedContact) => (fate === 'skipped' ? `skipped:${reason}` : fate);
  return [...Map.groupBy(contacts, measureOf)].map(([measure, some]) => ({ runId, chunkNo, measure, n: some.length }));
}
