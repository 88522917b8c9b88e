import { query, type Transaction } from '@bijli/postgres';
import type { LockedAccount } from './load-accounts-for-update.ts';

/** Stores what is outstanding on accounts, each at most once, that the caller's transaction holds locked. */
export async function updateAccounts(tx: Transaction, accounts: readonly LockedAccount[]): Promise<void> {
  await query(
    tx,
    `update account set version = after.version, outstanding_paise = after.outstanding_paise
       from unnest(:ids::uuid[], :versions::integer[], :outstandingPaise::bigint[]) as after (id, version, outstanding_paise)
      where account.id = after.id`,
    {
      ids: accounts.map(({ id }) => id),
      versions: accounts.map(({ version }) => version),
      outstandingPaise: accounts.map(({ outstandingPaise }) => outstandingPaise),
    },
  );
}
