import type { Transaction } from '@bijli/postgres';
import type { Account } from '../domain/account.ts';
import { checkPosting } from '../domain/check-posting.ts';
import type { LockedAccount } from '../store/load-accounts-for-update.ts';
import { loadItems } from '../store/load-items.ts';
import { loadWaitingOfAccounts } from '../store/waiting-events.ts';
import { lockAccounts } from './lock-accounts.ts';
import { type ToldPosting, toldAgain } from './told-posting.ts';

/** Postings on one account, with the items that they are about; null where nobody has their number, or where that was not looked up. */
export type Work = { readonly account: Account | null; readonly told: readonly ToldPosting[] };
type Group = { readonly account: LockedAccount; readonly told: ToldPosting[] };

/**
 * This function will lock the accounts that postings are on and load what they are about, and after them what waits on these accounts.
 * What is wrong by itself is told apart first: its text is not for PostgreSQL.
 */
export async function collectWork(tx: Transaction, told: readonly ToldPosting[]): Promise<Work[]> {
  const sound = told.filter(({ posting, heardAt }) => checkPosting(posting, heardAt) === null);
  const accounts = await lockAccounts(
    tx,
    sound.map(({ posting }) => posting.accountNumber),
  );
  const groups = groupByAccount(sound, accounts);
  for (const waiting of await loadWaitingOfAccounts(tx, [...groups.keys()]))
    groups.get(waiting.accountId ?? '')?.told.push(toldAgain(waiting));
  const placed = new Set([...groups.values()].flatMap((group) => group.told));
  const onNoAccount = told.filter((each) => !placed.has(each));
  return [{ account: null, told: onNoAccount }, ...(await withItems(tx, [...groups.values()]))];
}

function groupByAccount(
  told: readonly ToldPosting[],
  accounts: ReadonlyMap<string, LockedAccount>,
): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const each of told) {
    const account = accounts.get(each.posting.accountNumber);
    if (account === undefined) continue;
    const group = groups.get(account.id);
    if (group === undefined) groups.set(account.id, { account, told: [each] });
    else group.told.push(each);
  }
  return groups;
}

async function withItems(tx: Transaction, groups: readonly Group[]): Promise<Work[]> {
  const sought = groups.flatMap(({ account, told }) =>
    told.map(({ posting }) => ({ accountId: account.id, reference: posting.reference })),
  );
  const items = await loadItems(tx, sought);
  return groups.map(({ account, told }) => ({
    account: { ...account, items: items.get(account.id) ?? new Map() },
    told,
  }));
}
