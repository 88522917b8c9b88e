import type { Database } from '@bijli/postgres';
import type { HeldChunk } from './advance-cursor.ts';
import { LEASE_SECONDS } from './claim-chunk.ts';

/** Whether a held chunk may go on: live; stopped by the switch; or over, and why. Lost: another holder has it. */
export type Standing = 'live' | 'stopped' | 'superseded' | 'stale' | 'lost';

/** Renews the lease of a chunk that gets no slice for now, and tells where its run stands. */
export async function renewLease(db: Database, chunk: HeldChunk): Promise<Standing> {
  const { rows } = (await db.raw(
    `update chunk c
        set leased_until = now() + make_interval(secs => :lease)
       from run r
      where c.run_id = :runId and c.chunk_no = :chunkNo and c.epoch = :epoch and r.run_id = c.run_id
     returning case when r.state <> 'open' then 'superseded'
                    when r.not_after <= now() then 'stale'
                    when sending_is_stopped() then 'stopped'
                    else 'live' end as standing`,
    { runId: chunk.runId, chunkNo: chunk.chunkNo, epoch: chunk.epoch, lease: LEASE_SECONDS },
  )) as { rows: { standing: Standing }[] };
  return rows[0]?.standing ?? 'lost';
}
