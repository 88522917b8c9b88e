import { type Database, execute, query, type Transaction, withTransaction } from '@bijli/postgres';
import { type AccountBucket, filled, halved, left, msUntilPart, owing, taken } from '../../domain/account-bucket.ts';

/** An account and its contract. */
export type AccountKey = { readonly provider: string; readonly partsPerSecond: number };

/** Parts that may be sent; `at` names the grant. */
export type Granted = { readonly parts: number; readonly at: number };

/**
 * Takes parts out of the bucket of an account, which all replicas share: the row is locked, and the clock is the database's. `leftAt` names a grant of
 * which all parts have left, or never will: while nobody says so, it is taken to leave late.
 * @returns the parts, and after how many milliseconds there is one when there is none.
 */
export function takeParts(
  db: Database,
  {
    provider,
    partsPerSecond,
    wanted,
    leftAt,
  }: AccountKey & { readonly wanted: number; readonly leftAt: Granted['at'] | null },
): Promise<Granted & { readonly waitMs: number }> {
  return withTransaction(db, async (tx) => {
    const before = await lockFilled(tx, { provider, partsPerSecond });
    const { bucket, parts, at } = taken(leftAt === null ? before : left(before, leftAt), partsPerSecond, wanted);
    await keep(tx, provider, bucket);
    return { parts, at, waitMs: msUntilPart(bucket, partsPerSecond) };
  });
}

/** Notes parts that are sent beyond what was granted. */
export function oweParts(db: Database, key: AccountKey, beyond: Granted): Promise<void> {
  return withTransaction(db, async (tx) => keep(tx, key.provider, owing(await lockFilled(tx, key), beyond)));
}

/** Halves what is used of the contract of an account for now. */
export function slowAccount(db: Database, key: AccountKey): Promise<void> {
  return withTransaction(db, async (tx) => keep(tx, key.provider, halved(await lockFilled(tx, key))));
}

type BucketRow = Pick<AccountBucket, 'tokens' | 'share' | 'shortAt'> & {
  readonly filled: number;
  readonly now: number;
  readonly grantedAt: readonly number[];
  readonly grantedParts: readonly number[];
  readonly leftBy: readonly number[];
};

async function lockFilled(tx: Transaction, key: AccountKey): Promise<AccountBucket> {
  const { provider, partsPerSecond } = key;
  const [row] = await query<BucketRow>(
    tx,
    `select tokens, share, short_at as "shortAt", granted_at as "grantedAt", granted_parts as "grantedParts", left_by as "leftBy",
            extract(epoch from filled_at)::float8 * 1000 as filled, extract(epoch from clock_timestamp())::float8 * 1000 as now
       from account_bucket where provider = :provider for update`,
    { provider },
  );
  if (row === undefined) return openBucket(tx, key);
  const { tokens, share, shortAt } = row;
  const grants = row.grantedAt.map((at, n) => ({ at, parts: row.grantedParts[n] ?? 0, leftBy: row.leftBy[n] ?? at }));
  return filled({ tokens, filledAt: row.filled, share, shortAt, grants }, partsPerSecond, row.now);
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

async function keep(
  tx: Transaction,
  provider: string,
  { tokens, filledAt, share, shortAt, grants }: AccountBucket,
): Promise<void> {
  await execute(
    tx,
    `update account_bucket
        set tokens = :tokens::float8, filled_at = to_timestamp(:filledAt::float8 / 1000), share = :share::float8, short_at = :shortAt::float8,
            granted_at = :grantedAt::float8[], granted_parts = :grantedParts::float8[], left_by = :leftBy::float8[]
      where provider = :provider`,
    {
      ...{ provider, tokens, filledAt, share, shortAt },
      grantedAt: grants.map(({ at }) => at),
      grantedParts: grants.map(({ parts }) => parts),
      leftBy: grants.map(({ leftBy }) => leftBy),
    },
  );
}
