import type { Transaction } from '@bijli/postgres';
import { lockToAddNumbers } from '../store/lock-waiting.ts';
import { addNumbers, eraseNumbers, type HeardConnection, upsertConnections } from '../store/upsert-connections.ts';
import { loadWaitingForNumbers } from '../store/waiting-events.ts';
import { enterPostings } from './enter-postings.ts';
import { receivedAgain } from './received-posting.ts';

/** Postings that are entered at once when their accounts appear. */
const AT_ONCE = 1_000;

/**
 * Stores what the registry tells of connections, inside the caller's transaction, and enters what waited for their
 * accounts. A repeat and an older version do nothing.
 */
export async function keepConnections(tx: Transaction, heard: readonly HeardConnection[]): Promise<void> {
  const news = await upsertConnections(tx, heard);
  if (news.erased.length > 0) await eraseNumbers(tx, news.erased);
  await lockToAddNumbers(tx);
  await enterWaiting(tx, await addNumbers(tx, news));
}

async function enterWaiting(tx: Transaction, numbers: readonly string[]): Promise<void> {
  for (let after = '0', isMore = numbers.length > 0; isMore; ) {
    const waiting = await loadWaitingForNumbers(tx, numbers, { after, limit: AT_ONCE });
    await enterPostings(tx, waiting.map(receivedAgain));
    after = waiting.at(-1)?.id ?? after;
    isMore = waiting.length === AT_ONCE;
  }
}
