import { query, type Transaction } from '@bijli/postgres';

/** Any number of our own; advisory locks of this database are listed here and in libs/outbox only. */
const OPENINGS_LOCK = 7_204_110_001;

/** Lets one transaction at a time open outages, until the caller's ends: two could not see each other's. */
export async function lockOpenings(tx: Transaction): Promise<void> {
  await query(tx, 'select pg_advisory_xact_lock(:openingsLock)', { openingsLock: OPENINGS_LOCK });
}
