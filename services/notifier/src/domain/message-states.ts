/** Where one message stands. `waiting` has no row: it is above its chunk's cursor. */
export const messageStates = [
  'waiting',
  'underway',
  'ambiguous',
  'returned',
  'deferred',
  'blocked',
  'rejected',
  'accepted',
  'in-doubt',
  'superseded',
  'stale',
  'unrenderable',
] as const;
export type MessageState = (typeof messageStates)[number];

/** What may follow a state within one send, and, where a send came to nothing, with the next one. Everything else is refused. */
const FOLLOWERS: Readonly<Record<MessageState, readonly MessageState[]>> = {
  waiting: ['underway', 'superseded', 'stale', 'unrenderable'],
  underway: ['ambiguous', 'returned', 'deferred', 'blocked', 'rejected', 'accepted', 'superseded', 'stale'],
  // A late answer or a receipt that fits settles it; else safety and outages go once more, and others stay in doubt.
  ambiguous: ['accepted', 'rejected', 'deferred', 'blocked', 'in-doubt', 'underway'],
  returned: ['underway', 'superseded', 'stale', 'unrenderable'],
  deferred: ['underway', 'superseded', 'stale'],
  blocked: ['underway', 'superseded', 'stale'],
  'in-doubt': ['accepted', 'rejected'],
  rejected: [],
  accepted: [],
  superseded: [],
  stale: [],
  unrenderable: [],
};

/** Tells whether a message may go from one state to the other. */
export function mayFollow(before: MessageState, after: MessageState): boolean {
  return FOLLOWERS[before].includes(after);
}

/** Of two facts about one send the one of the higher rank holds, whoever wrote it and when. */
const RANK: Readonly<Record<MessageState, number>> = {
  waiting: 0,
  underway: 1,
  ambiguous: 2,
  'in-doubt': 3,
  returned: 4,
  deferred: 4,
  blocked: 4,
  superseded: 5,
  stale: 5,
  unrenderable: 5,
  rejected: 6,
  accepted: 7,
};

/** A fact about one send of a message. */
export type SendFact = { readonly sendNo: number; readonly state: MessageState };

/** Folds what is written of a message into where it stands: the latest send holds, but a message that was accepted once is accepted. */
export function foldSends(facts: readonly SendFact[]): SendFact | null {
  let latest: SendFact | null = null;
  for (const fact of facts) if (latest === null || isFurther(fact, latest)) latest = fact;
  return latest;
}

function isFurther(fact: SendFact, than: SendFact): boolean {
  if (than.state === 'accepted') return false;
  if (fact.state === 'accepted') return true;
  if (fact.sendNo !== than.sendNo) return fact.sendNo > than.sendNo;
  return RANK[fact.state] > RANK[than.state];
}

/** The states that no row of the same message follows, but for a late answer. */
export type FinalState = 'accepted' | 'rejected' | 'in-doubt' | 'superseded' | 'stale' | 'unrenderable';

/** What a message in a state is counted as; null while it is pending. What may have reached its handset is in doubt. */
export function countedAs(state: MessageState): FinalState | null {
  switch (state) {
    case 'waiting':
    case 'underway':
    case 'returned':
    case 'deferred':
    case 'blocked':
      return null;
    case 'ambiguous':
      return 'in-doubt';
    case 'accepted':
    case 'rejected':
    case 'in-doubt':
    case 'superseded':
    case 'stale':
    case 'unrenderable':
      return state;
  }
}

/** Tells whether the mobile may have been told: what is known not to have left, or to have been refused, was not. */
export function mayHaveTold(state: MessageState): boolean {
  return state === 'underway' || state === 'ambiguous' || state === 'in-doubt' || state === 'accepted';
}

/** How long an ambiguous message waits for a late answer or a receipt that fits, milliseconds. */
export const AMBIGUOUS_WAIT_MS = 60_000;

/**
 * What is sent once more when nobody answered: what a mobile is told of its supply, and safety. A bill is not told twice. `doubts`: so many sends
 * of it nobody answered; what came back before never left.
 */
export function isSentOnceMore(kind: string, doubts: number): boolean {
  return doubts === 1 && (OUTAGE_KINDS as readonly string[]).includes(kind);
}
/** Kinds of runs that tell of an outage; all others tell each contact something of its own. */
export const OUTAGE_KINDS = ['planned', 'unplanned', 'estimate', 'restored', 'cancelled'] as const;
