import type { AccountEvent, Decision } from '@bijli/events';
import type { Paise } from '@bijli/units';

/** What a posting does to its account. */
type Effect = {
  readonly item: 'bill' | 'payment';
  readonly sign: 1 | -1;
  /** Whether it takes back an item that was entered before, instead of entering one. */
  readonly isTakingBack: boolean;
};

/** What may be posted, and what it does to what is outstanding. */
export const effects = {
  BillGenerated: { item: 'bill', sign: 1, isTakingBack: false },
  BillCancelled: { item: 'bill', sign: -1, isTakingBack: true },
  PaymentReceived: { item: 'payment', sign: -1, isTakingBack: false },
  PaymentReversed: { item: 'payment', sign: 1, isTakingBack: true },
} as const satisfies Record<AccountEvent['type'], Effect>;

/** What somebody outside says happened on an account, to be entered into its ledger. Nothing of it is checked yet. */
export type Posting = {
  /** Id of the event that will tell of it. */
  readonly eventId: string;
  readonly type: AccountEvent['type'];
  readonly occurredAt: Date;
  /** Whether its source said when it happened, which tells two payments under one number apart; else it is heard in its order. */
  readonly isDated: boolean;
  readonly accountNumber: string;
  readonly reference: string;
  /** Null where it takes something back, which it does as a whole. */
  readonly amountPaise: number | null;
  /** Civil dates in India of a bill, null for anything else. */
  readonly issuedOn: string | null;
  readonly dueOn: string | null;
};

/** That an item was entered: when it happened (UTC, milliseconds), and the dates of the bill. */
export type Entering = { readonly atMs: number; readonly issuedOn: string | null; readonly dueOn: string | null };

/**
 * The bill or payment that a reference stands for, with one amount for ever. What was taken back may be entered again: a cheque that is paid
 * in once more, a bill that is issued anew.
 */
export type Item = {
  readonly amountPaise: Paise;
  /** Each time that it was entered, in the order of the ledger; at least one. */
  readonly enterings: readonly [Entering, ...Entering[]];
  /** When each bill was cancelled, each payment reversed (UTC, milliseconds); as many as the enterings, or one less. */
  readonly takenBackAtMs: readonly number[];
};

/** One account as it stands. */
export type Account = {
  /** Id of the connection whose account it is. */
  readonly id: string;
  /** The number of today; a posting may name an older one. */
  readonly accountNumber: string;
  /** Number of its latest entry, 0 before the first. */
  readonly version: number;
  /** The sum of its entries; below 0 is an advance. */
  readonly outstandingPaise: Paise;
  /** By `itemKey`; of all items at least those that the postings in hand are about. */
  readonly items: ReadonlyMap<string, Item>;
};

/** Why a posting is not entered; domain/refusals.ts says it in words. */
export type RejectionCode =
  | 'unknown-type'
  | 'ten-digits'
  | 'reference-format'
  | 'occurred-in-the-future'
  | 'occurred-too-long-ago'
  | 'amount-missing'
  | 'amount-range'
  | 'amount-negative'
  | 'amount-not-allowed'
  | 'issue-missing'
  | 'issue-no-date'
  | 'issue-not-allowed'
  | 'issued-in-the-future'
  | 'issued-too-long-ago'
  | 'due-missing'
  | 'due-no-date'
  | 'due-not-allowed'
  | 'before-issue'
  | 'due-too-late'
  | 'reference-reused'
  | 'already-reversed'
  | 'already-cancelled'
  | WaitingCode;

/** What is not there yet and may still come: for the last two what takes back the item that stands, and the item once more. */
export const waitingCodes = [
  'unknown-account',
  'unknown-payment',
  'unknown-bill',
  'not-taken-back',
  'not-entered-again',
] as const;
export type WaitingCode = (typeof waitingCodes)[number];

/** Accepted without an event is a repeat: the account is as it was. */
export type AccountDecision = Decision<Account, AccountEvent, RejectionCode>;

/** Tells whether an item counts now: it was entered once more than it was taken back. */
export function isStanding({ enterings, takenBackAtMs }: Item): boolean {
  return enterings.length > takenBackAtMs.length;
}

/** Gives the latest time that an item was entered: a bill that was issued anew has the dates of then. */
export function latestEntering({ enterings }: Item): Entering {
  return enterings.at(-1) ?? enterings[0];
}

/** Counts how often an account's items were entered or, where that is its type, taken back under the reference of a posting. */
export function cycleOf({ items }: Account, posting: Pick<Posting, 'type' | 'reference'>): number {
  const item = items.get(itemKey(posting));
  if (item === undefined) return 0;
  return effects[posting.type].isTakingBack ? item.takenBackAtMs.length : item.enterings.length;
}

/** Gives the key of the item that a posting is about. A bill and a payment may share a reference. */
export function itemKey({ type, reference }: Pick<Posting, 'type' | 'reference'>): string {
  return `${effects[type].item} ${reference}`;
}
