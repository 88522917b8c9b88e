import { query, type Transaction } from '@bijli/postgres';
import { paise } from '@bijli/units';
import type { Account } from '../domain/account.ts';

/** An account whose items are not read yet. */
export type LockedAccount = Omit<Account, 'items'>;

type Row = {
  readonly named: string;
  readonly id: string;
  readonly account_number: string;
  readonly version: number;
  readonly outstanding_paise: string;
};

/**
 * Loads the accounts that the numbers, today's or old ones, lead to, by the number that was asked for, and locks them
 * until the end of the caller's transaction. All lock in the order of ids, so that two transactions do not wait for each other.
 */
export async function loadAccountsForUpdate(
  tx: Transaction,
  numbers: readonly string[],
): Promise<Map<string, LockedAccount>> {
  const rows = await query<Row>(
    tx,
    `select number.account_number as named, account.id, account.account_number, account.version, account.outstanding_paise
       from account_number number join account on account.id = number.account_id
      where number.account_number = any(:numbers::text[]) and account.account_number is not null
      order by account.id
        for update of account`,
    { numbers },
  );
  return new Map(
    rows.map(({ named, id, account_number, version, outstanding_paise }) => [
      named,
      { id, accountNumber: account_number, version, outstandingPaise: paise(Number(outstanding_paise)) },
    ]),
  );
}
