import type { Transaction } from '@bijli/postgres';
import { itemKey, type Posting } from '../domain/account.ts';
import { outcomeOf } from '../domain/outcome.ts';
import { loadLatestWaiting } from '../store/load-latest-waiting.ts';
import {
  deleteWaiting,
  insertWaiting,
  updateWaiting,
  type WaitingChange,
  type WaitingEvent,
} from '../store/waiting-events.ts';
import type { Decided } from './received-posting.ts';

/**
 * Keeps apart what waits, and lets go what waited and does not any more. What waited and is refused now that its account
 * is known stays for a person to look at: nobody else would hear of it.
 */
export async function keepWaiting(tx: Transaction, decided: readonly Decided[]): Promise<void> {
  const begin: WaitingEvent[] = [];
  const change: WaitingChange[] = [];
  const end: string[] = [];
  for (const { received, accountId, decision } of decided) {
    const { kept } = received;
    const outcome = outcomeOf(decision);
    const reason = 'code' in outcome ? outcome.code : null;
    if (kept === null) {
      if (outcome.is === 'waiting') begin.push({ ...received, accountId, reason: outcome.code });
    } else if (reason === null) end.push(kept.id);
    else if (reason !== kept.reason) change.push({ id: kept.id, reason, accountId });
  }
  if (begin.length > 0) await insertWaiting(tx, await withoutRepeats(tx, begin));
  if (change.length > 0) await updateWaiting(tx, change);
  if (end.length > 0) await deleteWaiting(tx, end);
}

/**
 * What tells no time is taken in its order: the same right after itself is a repeat, as it is in the ledger, and waits once. Whoever lets
 * something wait holds its account, or keeps its number from appearing, so nobody adds to the line meanwhile.
 */
async function withoutRepeats(tx: Transaction, begin: readonly WaitingEvent[]): Promise<WaitingEvent[]> {
  const undated = begin.flatMap(({ posting }) => (posting.isDated ? [] : [posting]));
  if (undated.length === 0) return [...begin];
  const latest = new Map((await loadLatestWaiting(tx, undated)).map((each) => [lineOf(each), wordsOf(each)]));
  return begin.filter(({ posting }) => {
    const isRepeat = !posting.isDated && latest.get(lineOf(posting)) === wordsOf(posting);
    latest.set(lineOf(posting), wordsOf(posting));
    return !isRepeat;
  });
}

function lineOf(posting: Posting): string {
  return `${posting.accountNumber} ${itemKey(posting)}`;
}

function wordsOf({ type, amountPaise, issuedOn, dueOn, isDated }: Posting): string {
  return JSON.stringify([type, amountPaise, issuedOn, dueOn, isDated]);
}
