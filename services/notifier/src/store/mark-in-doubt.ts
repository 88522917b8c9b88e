import type { Transaction } from '@bijli/postgres';
import type { ClaimedChunk } from './claim-chunk.ts';

/**
 * Settles as in doubt every message at or below the cursor of a chunk that is not settled: a holder
 * that went away wrote it ahead, and nobody knows whether all of it left (PROTOCOL.md, step 5). After lockChunk in
 * the same transaction.
 * @returns how many there were.
 */
export async function markInDoubt(tx: Transaction, chunk: ClaimedChunk, provider: string): Promise<number> {
  const { rowCount } = (await tx.raw(
    `insert into attempt (run_day, run_id, chunk_no, seq, part_no, epoch, outcome, settles, provider, recorded_at)
     select l.run_day, l.run_id, l.chunk_no, l.seq, 0, cast(:epoch as int), 'in-doubt', 'in-doubt', cast(:provider as text), now()
       from ledger l
      where l.run_day = cast(:runDay as date) and l.run_id = :runId and l.chunk_no = :chunkNo
        and l.fate = 'carrier' and l.seq <= cast(:cursor as int)
        and not exists (select from attempt a
                         where a.run_day = cast(:runDay as date) and a.run_id = :runId and a.chunk_no = :chunkNo
                           and a.seq = l.seq and a.settles is not null)`,
    {
      runDay: chunk.runDay,
      runId: chunk.runId,
      chunkNo: chunk.chunkNo,
      epoch: chunk.epoch,
      cursor: chunk.cursor,
      provider,
    },
  )) as { rowCount: number };
  return rowCount;
}
