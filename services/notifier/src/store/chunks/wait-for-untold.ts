import { type Database, execute, query } from '@bijli/postgres';
import type { ChunkKey } from './claimed-chunk.ts';

/**
 * Makes the condition that what is left of a chunk goes to people who were told before, while others of its run were told nothing yet: they are first, however
 * often a cut is told anew. A chunk that is not expanded yet may have such people.
 */
export function WAITS_FOR_UNTOLD(chunk: string): string {
  return `
  ${chunk}.cursor >= ${chunk}.never_told and ${chunk}.cursor < ${chunk}.carriers
  and exists (select from chunk u
               where u.run_id = ${chunk}.run_id and u.chunk_no <> ${chunk}.chunk_no and u.state <> 'done'
                 and (u.state = 'waiting' and u.mobiles is null or u.cursor < u.never_told))`;
}

/** Tells whether a chunk in hand waits for those of its run who were told nothing yet. */
export async function waitsForUntold(db: Database, { runId, chunkNo }: ChunkKey): Promise<boolean> {
  const waiting = await query(
    db,
    `select from chunk c where c.run_id = :runId and c.chunk_no = :chunkNo and ${WAITS_FOR_UNTOLD('c')}`,
    { runId, chunkNo },
  );
  return waiting.length > 0;
}

/** Gives a chunk back that waits for those who were told nothing yet: it is taken again after them. @returns whether it does. */
export async function releaseForUntold(db: Database, { runId, chunkNo, epoch }: ChunkKey): Promise<boolean> {
  const released = await execute(
    db,
    `update chunk c set holder_id = null
      where c.run_id = :runId and c.chunk_no = :chunkNo and c.epoch = :epoch and ${WAITS_FOR_UNTOLD('c')}`,
    { runId, chunkNo, epoch },
  );
  return released === 1;
}
