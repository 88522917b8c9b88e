import type { Transaction } from '@bijli/postgres';
import type { Account } from '../domain/account.ts';
import { checkPosting } from '../domain/check-posting.ts';
import type { LockedAccount } from '../store/load-accounts-for-update.ts';
import { loadItems } from '../store/load-items.ts';
import { loadWaitingOfAccounts } from '../store/waiting-events.ts';
import { lockAccounts } from './lock-accounts.ts';
import { type ReceivedPosting, receivedAgain } from './received-posting.ts';

/** Postings on one account, with the items that they are about; null where nobody has their number, or where that was not looked up. */
export type Work = { readonly account: Account | null; readonly received: readonly ReceivedPosting[] };
type Group = { readonly account: LockedAccount; readonly received: ReceivedPosting[] };

/**
 * Locks the accounts that postings are on and loads what they are about, and after them what waits on these accounts.
 * What is wrong by itself is set aside first: PostgreSQL may refuse its text.
 */
export async function collectWork(tx: Transaction, received: readonly ReceivedPosting[]): Promise<Work[]> {
  const sound = received.filter(({ posting, heardAt }) => checkPosting(posting, heardAt) === null);
  const accounts = await lockAccounts(
    tx,
    sound.map(({ posting }) => posting.accountNumber),
  );
  const groups = groupByAccount(sound, accounts);
  for (const waiting of await loadWaitingOfAccounts(tx, [...groups.keys()]))
    groups.get(waiting.accountId ?? '')?.received.push(receivedAgain(waiting));
  const placed = new Set([...groups.values()].flatMap((group) => group.received));
  const onNoAccount = received.filter((each) => !placed.has(each));
  return [{ account: null, received: onNoAccount }, ...(await withItems(tx, [...groups.values()]))];
}

function groupByAccount(
  received: readonly ReceivedPosting[],
  accounts: ReadonlyMap<string, LockedAccount>,
): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const each of received) {
    const account = accounts.get(each.posting.accountNumber);
    if (account === undefined) continue;
    const group = groups.get(account.id);
    if (group === undefined) groups.set(account.id, { account, received: [each] });
    else group.received.push(each);
  }
  return groups;
}

async function withItems(tx: Transaction, groups: readonly Group[]): Promise<Work[]> {
  const sought = groups.flatMap(({ account, received }) =>
    received.map(({ posting }) => ({ accountId: account.id, reference: posting.reference })),
  );
  const items = await loadItems(tx, sought);
  return groups.map(({ account, received }) => ({
    account: { ...account, items: items.get(account.id) ?? new Map() },
    received,
  }));
}
