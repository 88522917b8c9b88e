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
  readonly accountNumber: string;
  readonly reference: string;
  /** Null where it takes something back, which it does as a whole. */
  readonly amountPaise: number | null;
  /** Civil dates in India of a bill, null for anything else. */
  readonly issuedOn: string | null;
  readonly dueOn: string | null;
};

/** A bill or a payment that was entered. The same reference stands for the same item. */
export type Item = {
  readonly amountPaise: Paise;
  readonly issuedOn: string | null;
  readonly dueOn: string | null;
  /** A bill that was cancelled, a payment that was reversed. */
  readonly isTakenBack: boolean;
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

/** What is not there yet and may still come. */
export type WaitingCode = 'unknown-account' | 'unknown-payment' | 'unknown-bill';

/** Accepted without an event is a repeat: the account is as it was. */
export type AccountDecision = Decision<Account, AccountEvent, RejectionCode>;

/** This function will give the key of the item that a posting is about. A bill and a payment may share a reference. */
export function itemKey({ type, reference }: Pick<Posting, 'type' | 'reference'>): string {
  return `${effects[type].item} ${reference}`;
}
