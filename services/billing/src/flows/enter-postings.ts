import type { Transaction } from '@bijli/postgres';
import { type Account, cycleOf } from '../domain/account.ts';
import { decideAll } from '../domain/decide-all.ts';
import { insertEntries } from '../store/insert-entries.ts';
import { updateAccounts } from '../store/update-accounts.ts';
import { collectWork, type Work } from './collect-work.ts';
import { keepWaiting } from './keep-waiting.ts';
import { sayEntries } from './say-entries.ts';
import type { Decided, ReceivedPosting } from './received-posting.ts';

type DecidedWork = { readonly before: Account | null; readonly after: Account | null; readonly decided: Decided[] };

/**
 * Enters postings into the ledgers of their accounts, inside the caller's transaction, and with them what waited for them; what cannot be
 * entered yet is kept apart. Gives the decision on each, in their order. What is refused is remembered by the caller alone, in its answer
 * or as a dead letter. So is what would have to wait, unless `isWaitedFor`: a request for one posting is answered at once that its account
 * is not known, and not even a rolled-back row of it is left in the log of the database.
 */
export async function enterPostings(
  tx: Transaction,
  received: readonly ReceivedPosting[],
  { isWaitedFor = true }: { isWaitedFor?: boolean } = {},
): Promise<Decided[]> {
  const work = (await collectWork(tx, received)).map(decideWork);
  const decided = work.flatMap((each) => each.decided);
  await saveEntries(tx, decided);
  const changed = work.flatMap(({ before, after }) => (after === null || after === before ? [] : [after]));
  if (changed.length > 0) await updateAccounts(tx, changed);
  await keepWaiting(tx, isWaitedFor ? decided : decided.filter((each) => each.received.kept !== null));
  const byReceived = new Map(decided.map((each) => [each.received, each]));
  return received.flatMap((each) => byReceived.get(each) ?? []);
}

function decideWork({ account, received }: Work): DecidedWork {
  const { account: after, decisions } = decideAll(account, received);
  const decided = received.flatMap((each, index) => {
    const decision = decisions[index];
    return decision === undefined ? [] : [{ received: each, accountId: account?.id ?? null, decision }];
  });
  return { before: account, after, decided };
}

/** Versions of one account follow each other: what was decided at the second look comes after what it waited for. */
async function saveEntries(tx: Transaction, decided: readonly Decided[]): Promise<void> {
  const entries = decided.flatMap(({ received: { traceId, traceparent }, decision }) =>
    decision.accepted
      ? decision.events.map((event) => ({ event, cycle: cycleOf(decision.state, event), traceId, traceparent }))
      : [],
  );
  if (entries.length === 0) return;
  entries.sort((one, other) => one.event.version - other.event.version);
  await insertEntries(tx, entries);
  await sayEntries(tx, entries);
}
