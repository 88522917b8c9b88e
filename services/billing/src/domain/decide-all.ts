import { type Account, type AccountDecision, itemKey, type Posting, type RejectionCode } from './account.ts';
import { decide } from './decide.ts';
import { MOST_SAID_AGAIN } from './limits.ts';

/** A posting, and when it was heard. */
export type HeardPosting = { readonly posting: Posting; readonly heardAt: Date };
/** The account after all postings, and the decision on each, by their order in the input. */
export type DecidedAll = { readonly account: Account | null; readonly decisions: readonly AccountDecision[] };

/**
 * Decides postings on one account, in their order; then once more those for which something was missing, for as long as that enters any:
 * it may be among the later ones. So what is entered in the end does not depend on the order.
 */
export function decideAll(account: Account | null, postings: readonly HeardPosting[]): DecidedAll {
  let state = account;
  const step = ({ posting, heardAt }: HeardPosting): AccountDecision => {
    const decision = decide(state, posting, heardAt);
    if (decision.accepted) state = decision.state;
    return decision;
  };
  let decisions = postings.map(step);
  for (let before: Account | null = null; before !== state; ) {
    before = state;
    decisions = decisions.map((decision, index) => {
      const posting = postings[index];
      return posting !== undefined && isEarly(posting, decision) ? step(posting) : decision;
    });
  }
  return { account: state, decisions: withoutHeaps(state, postings, decisions) };
}

/** What came before what it follows. */
const EARLY: readonly RejectionCode[] = ['unknown-payment', 'unknown-bill', 'not-taken-back', 'not-entered-again'];
const SAID_AGAIN: readonly RejectionCode[] = ['not-taken-back', 'not-entered-again'];

/** A bill with new dates is refused while the old one stands, so its cancellation may be among the later ones; without a time it is taken in its order. */
function isEarly({ posting }: HeardPosting, decision: AccountDecision): boolean {
  if (decision.accepted) return false;
  return EARLY.includes(decision.code) || (decision.code === 'reference-reused' && posting.isDated);
}

/** What waited before stands last in the input and keeps its place; of the others, the latest change nothing. */
function withoutHeaps(
  state: Account | null,
  postings: readonly HeardPosting[],
  decisions: readonly AccountDecision[],
): readonly AccountDecision[] {
  if (state === null) return decisions;
  const waiting = new Map<string, number>();
  return decisions
    .map((decision, index) => ({ decision, posting: postings[index]?.posting }))
    .toReversed()
    .map(({ decision, posting }): AccountDecision => {
      if (posting === undefined || decision.accepted || !SAID_AGAIN.includes(decision.code)) return decision;
      const key = `${posting.type} ${itemKey(posting)}`;
      const already = waiting.get(key) ?? 0;
      waiting.set(key, already + 1);
      return already < MOST_SAID_AGAIN ? decision : { accepted: true, state, events: [] };
    })
    .toReversed();
}
