import { type Database, query } from '@bijli/postgres';
import type { Claim } from '../../domain/claim.ts';

/** Finds what a run says, as far as it was expanded. */
export async function findClaims(db: Database, runId: string): Promise<ReadonlyMap<number, Claim>> {
  const rows = await query<Claim>(
    db,
    `select claim_no as "claimNo", kind, cause, starts_at as "startsAt", until from run_claim where run_id = :runId`,
    { runId },
  );
  return new Map(rows.map((claim) => [claim.claimNo, claim]));
}
