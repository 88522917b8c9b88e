import { execute, type Transaction } from '@bijli/postgres';

/** First half of the advisory locks under which the news of an outage are planned; the second is the outage. */
const OUTAGE_LOCKS = 7_301;

/** Those of one transaction in one order, so that two batches do not wait for each other. */
const lockEach = (lock: string): string =>
  `select ${lock}(:locks::int, hashtext(id)) from (select distinct id from unnest(:outageIds::text[]) as id order by 1) as sorted`;

/** Keeps answers to complaints from naming these outages until the caller's transaction ends: their news are planned in it. */
export async function lockAgainstAnswers(tx: Transaction, outageIds: readonly string[]): Promise<void> {
  await execute(tx, lockEach('pg_advisory_xact_lock'), { locks: OUTAGE_LOCKS, outageIds });
}

/** Keeps news of these outages from being planned until the caller's transaction ends. Many may answer at once. */
export async function lockToAnswer(tx: Transaction, outageIds: readonly string[]): Promise<void> {
  await execute(tx, lockEach('pg_advisory_xact_lock_shared'), { locks: OUTAGE_LOCKS, outageIds });
}
