import { type Database, query } from '@bijli/postgres';
import { paise } from '@bijli/units';
import type { LockedAccount } from './load-accounts-for-update.ts';

/** Gives the account that a number, today's or an old one, leads to; null where nobody has it. */
export async function getAccount(db: Database, accountNumber: string): Promise<LockedAccount | null> {
  const [row] = await query<{ id: string; account_number: string; version: number; outstanding_paise: string }>(
    db,
    `select account.id, account.account_number, account.version, account.outstanding_paise
       from account_number number join account on account.id = number.account_id
      where number.account_number = :accountNumber`,
    { accountNumber },
  );
  if (row === undefined) return null;
  const { id, account_number, version, outstanding_paise } = row;
  return { id, accountNumber: account_number, version, outstandingPaise: paise(Number(outstanding_paise)) };
}
