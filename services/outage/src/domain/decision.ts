import type { Decision, OutageEvent } from '@bijli/events';
import type { Outage } from './outage.ts';

/** Why a command is refused; refusal-words.ts says it in words. */
export type RejectionCode =
  | 'already-exists'
  | 'no-such-outage'
  | 'stale-version'
  | 'node-count'
  | 'duplicate-node'
  | 'unknown-node'
  | 'not-below'
  | 'excludes-everything'
  | 'too-many-parts'
  | 'already-out'
  | 'starts-in-the-past'
  | 'starts-too-far-ahead'
  | 'ends-before-start'
  | 'window-too-long'
  | 'started-in-the-future'
  | 'started-too-long-ago'
  | 'estimate-in-the-past'
  | 'estimate-too-far-ahead'
  | 'already-restored'
  | 'already-cancelled'
  | 'already-dropped'
  | 'already-begun'
  | 'not-begun'
  | 'not-planned'
  | 'not-a-draft'
  | 'same-person'
  | 'not-approved'
  | 'not-announced'
  | 'change-pending'
  | 'nothing-to-undo'
  | 'nothing-to-confirm'
  | 'restored-before-start'
  | 'restored-in-the-future'
  | 'not-in-outage'
  | 'already-energised'
  | 'not-restored'
  | 'restored-too-long-ago';

/** What a refusal points at: the places in the command's lists that broke the rule (`nodeIds.3`), and the outage that is in the way. */
type Pointed = { readonly places?: readonly string[]; readonly outageId?: string };
/** A refused command. */
export type OutageRefusal = { readonly accepted: false; readonly code: RejectionCode } & Pointed;
type Acceptance = Extract<Decision<Outage, OutageEvent, never>, { accepted: true }>;
export type OutageDecision = Acceptance | OutageRefusal;

/** Refuses a command by its code. */
export function refuse(code: RejectionCode, pointed: Pointed = {}): OutageRefusal {
  return { accepted: false, code, ...pointed };
}

/** Accepts a command that is not told: what nobody is told of changed, or nothing did (the same object). */
export function untold(state: Outage): OutageDecision {
  return { accepted: true, state, events: [] };
}
