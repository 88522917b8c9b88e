import { type Database, execute } from '@bijli/postgres';
import type { ClaimedChunk } from './claimed-chunk.ts';

/**
 * Lets texts of a chunk that were not sent yet tell of a cut without a time: of those above a seq or named, all whose claim is one of the
 * given, since the time that it names is past. The ledger says what is sent. @returns how many.
 */
export function takeTimesBack(
  db: Database,
  { runDay, runId, chunkNo, rangeFrom, rangeTo }: ClaimedChunk,
  { above, seqs, claimNos }: { above: number; seqs: readonly number[]; claimNos: readonly number[] },
): Promise<number> {
  return execute(
    db,
    `update ledger set template_key = 'untimed' || substr(template_key, length('unplanned') + 1)
      where run_day = :runDay::date and run_id = :runId and chunk_no = :chunkNo and fate = 'carrier'
        and (:rangeFrom::bigint is null or mobile_index >= :rangeFrom) and (:rangeTo::bigint is null or mobile_index <= :rangeTo)
        and (seq > :above or seq = any(:seqs::int[])) and template_key like 'unplanned.%' and claim_no = any(:claimNos::int[])`,
    { runDay, runId, chunkNo, rangeFrom, rangeTo, above, seqs, claimNos },
  );
}
