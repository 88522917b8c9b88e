import type { Database } from '@bijli/postgres';
import { LEASE_SECONDS } from './claim-chunk.ts';

/** What a holder names when it writes ahead. */
export type HeldChunk = {
  readonly runId: string;
  readonly chunkNo: number;
  readonly epoch: number;
};

/**
 * Writes ahead that a chunk's messages up to `cursor` go out now, and renews its lease: write-ahead
 * and freshness in one statement (PROTOCOL.md, step 7). The run's row is share-locked, so that a newer revision
 * (supersede-older-runs.ts) either waits for this write or is seen by it.
 * @returns false when nothing may be sent: superseded, past its use, stopped, or held by somebody else.
 */
export async function advanceCursor(db: Database, chunk: HeldChunk, cursor: number): Promise<boolean> {
  const { rowCount } = (await db.raw(
    `with live as (
       select run_id from run where run_id = :runId and state = 'open' and not_after > now() for share)
     update chunk c
        set cursor = greatest(c.cursor, :cursor), leased_until = now() + make_interval(secs => :lease)
       from live
      where c.run_id = live.run_id and c.chunk_no = :chunkNo and c.epoch = :epoch and not sending_is_stopped()`,
    { runId: chunk.runId, chunkNo: chunk.chunkNo, epoch: chunk.epoch, cursor, lease: LEASE_SECONDS },
  )) as { rowCount: number };
  return rowCount === 1;
}
