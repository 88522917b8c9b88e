import type { Transaction } from '@bijli/postgres';
import type { ClaimedChunk } from './claim-chunk.ts';
import { IN_CHUNK, rangeBindings } from './in-chunk.ts';
import { TOLD_IN_CHUNK } from './told.ts';

/** Counts the contacts of a chunk that is closed without having been expanded, inside the caller's transaction. */
export async function countUnexpanded(tx: Transaction, chunk: ClaimedChunk): Promise<number> {
  if (chunk.facts === null) return countPersonal(tx, chunk);
  const isRestored = chunk.kind === 'restored';
  const { rows } = (await tx.raw(
    isRestored
      ? `select cast(count(*) as int) as n
           from (select distinct connection_id, contact_no, mobile_index from (${TOLD_IN_CHUNK}) told) t`
      : `select cast(count(*) as int) as n
           from run_scope s join audience x on x.node_id = s.node_id where s.run_id = :runId and ${IN_CHUNK}`,
    {
      runId: chunk.runId,
      ...rangeBindings(chunk),
      ...(isRestored ? { threadId: chunk.threadId, revision: chunk.revision } : {}),
    },
  )) as { rows: { n: number }[] };
  return rows[0]?.n ?? 0;
}

async function countPersonal(tx: Transaction, { runDay, runId, chunkNo }: ClaimedChunk): Promise<number> {
  const { rows } = (await tx.raw(
    `select cast(count(*) as int) as n
       from ledger where run_day = cast(:runDay as date) and run_id = :runId and chunk_no = :chunkNo`,
    { runDay, runId, chunkNo },
  )) as { rows: { n: number }[] };
  return rows[0]?.n ?? 0;
}
