import type { Account, AccountDecision, Posting } from './account.ts';
import { decide } from './decide.ts';

/** A posting, and when it was heard. */
export type HeardPosting = { readonly posting: Posting; readonly heardAt: Date };
/** The account after all postings, and the decision on each, by their order in the input. */
export type DecidedAll = { readonly account: Account | null; readonly decisions: readonly AccountDecision[] };

/**
 * This function will decide postings on one account, in their order; then once more those that took back something which was not there,
 * for it may be among the later ones. So what is entered in the end does not depend on the order.
 */
export function decideAll(account: Account | null, postings: readonly HeardPosting[]): DecidedAll {
  let state = account;
  const step = ({ posting, heardAt }: HeardPosting): AccountDecision => {
    const decision = decide(state, posting, heardAt);
    if (decision.accepted) state = decision.state;
    return decision;
  };
  const first = postings.map(step);
  const decisions = first.map((decision, index) => {
    const posting = postings[index];
    return posting !== undefined && isEarly(decision) ? step(posting) : decision;
  });
  return { account: state, decisions };
}

/** Nothing refers to what takes back, so a second look is enough. */
function isEarly(decision: AccountDecision): boolean {
  return !decision.accepted && (decision.code === 'unknown-payment' || decision.code === 'unknown-bill');
}
