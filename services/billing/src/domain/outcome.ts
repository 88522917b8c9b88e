import { type AccountDecision, type RejectionCode, type WaitingCode, waitingCodes } from './account.ts';

/** What a decision comes to: it is in the ledger now, it was before, it waits for what may still come, or it breaks a rule. */
export type Outcome =
  | { readonly is: 'taken' }
  | { readonly is: 'repeated' }
  | { readonly is: 'waiting'; readonly code: WaitingCode }
  | { readonly is: 'refused'; readonly code: RejectionCode };

/** Says what a decision comes to where nobody waits for the answer: taking back twice means the same as once. */
export function outcomeOf(decision: AccountDecision): Outcome {
  if (decision.accepted) return { is: decision.events.length > 0 ? 'taken' : 'repeated' };
  const { code } = decision;
  if (code === 'already-reversed' || code === 'already-cancelled') return { is: 'repeated' };
  return isWaiting(code) ? { is: 'waiting', code } : { is: 'refused', code };
}

function isWaiting(code: RejectionCode): code is WaitingCode {
  return waitingCodes.some((each) => each === code);
}
