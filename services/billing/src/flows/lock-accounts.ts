import type { Transaction } from '@bijli/postgres';
import { loadAccountsForUpdate, type LockedAccount } from '../store/load-accounts-for-update.ts';
import { lockAgainstNumbers } from '../store/lock-waiting.ts';

/**
 * Locks the accounts that numbers lead to, by number. A number that is not among them is unknown, and stays so until the
 * caller's transaction ends: what waits for it will be found by whoever makes it appear.
 */
export async function lockAccounts(tx: Transaction, numbers: readonly string[]): Promise<Map<string, LockedAccount>> {
  const wanted = [...new Set(numbers)];
  const found = await loadAccountsForUpdate(tx, wanted);
  const missing = wanted.filter((number) => !found.has(number));
  if (missing.length === 0) return found;
  await lockAgainstNumbers(tx);
  return new Map([...found, ...(await loadAccountsForUpdate(tx, missing))]);
}
