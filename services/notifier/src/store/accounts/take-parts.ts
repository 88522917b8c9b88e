import { type Database, execute, query, type Transaction, withTransaction } from '@bijli/postgres';
import { type AccountBucket, filled, halved, msUntilPart, owing, taken } from '../../domain/account-bucket.ts';

/** An account and its contract. */
export type AccountKey = { readonly provider: string; readonly partsPerSecond: number };

/**
 * Takes parts out of the bucket of an account, which all replicas share: the row is locked, and the clock is the database's.
 * @returns the parts, and after how many milliseconds there is one when there is none.
 */
export function takeParts(
  db: Database,
  { provider, partsPerSecond, wanted }: AccountKey & { readonly wanted: number },
): Promise<{ readonly parts: number; readonly waitMs: number }> {
  return withTransaction(db, async (tx) => {
    const { bucket, parts } = taken(await lockFilled(tx, { provider, partsPerSecond }), wanted);
    await keep(tx, provider, bucket);
    return { parts, waitMs: msUntilPart(bucket, partsPerSecond) };
  });
}

/** Notes parts that are sent beyond what was granted. */
export function oweParts(db: Database, key: AccountKey, parts: number): Promise<void> {
  return withTransaction(db, async (tx) => keep(tx, key.provider, owing(await lockFilled(tx, key), parts)));
}

/** Halves what is used of the contract of an account for now. */
export function slowAccount(db: Database, key: AccountKey): Promise<void> {
  return withTransaction(db, async (tx) => keep(tx, key.provider, halved(await lockFilled(tx, key))));
}

async function lockFilled(tx: Transaction, key: AccountKey): Promise<AccountBucket> {
  const { provider, partsPerSecond } = key;
  const [row] = await query<{ tokens: number; filled: number; now: number; share: number }>(
    tx,
    `select tokens, extract(epoch from filled_at)::float8 * 1000 as filled, extract(epoch from clock_timestamp())::float8 * 1000 as now, share
       from account_bucket where provider = :provider for update`,
    { provider },
  );
  if (row === undefined) return openBucket(tx, key);
  return filled({ tokens: row.tokens, filledAt: row.filled, share: row.share }, partsPerSecond, row.now);
}

/** Opens the bucket of an account of which nothing was taken yet; another replica may have done so a moment ago. */
async function openBucket(tx: Transaction, key: AccountKey): Promise<AccountBucket> {
  await execute(
    tx,
    `insert into account_bucket (provider, tokens, filled_at, share) values (:provider, 0, clock_timestamp(), 1) on conflict do nothing`,
    { provider: key.provider },
  );
  return lockFilled(tx, key);
}

async function keep(tx: Transaction, provider: string, { tokens, filledAt, share }: AccountBucket): Promise<void> {
  await execute(
    tx,
    `update account_bucket set tokens = :tokens::float8, filled_at = to_timestamp(:filledAt::float8 / 1000), share = :share::float8
      where provider = :provider`,
    { provider, tokens, filledAt, share },
  );
}
