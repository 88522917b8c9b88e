import { lanes } from './lanes.ts';
import type { PersonalFamily } from './text-families.ts';

/** What a personal text is about; with its reference it names one bill, payment or complaint. */
export type Subject =
  | 'bill'
  | 'payment'
  | 'payment-reversal'
  | 'bill-cancellation'
  | 'complaint-lodged'
  | 'complaint-answered'
  | 'complaint-resolved'
  | 'complaint-fixed';

/** What a text about a complaint is about; it is also the family of its texts. */
export type ComplaintSubject = Extract<Subject, `complaint-${string}`>;

/** Personal runs by what they are about: it decides the lane and which consent counts. */
export type PersonalKind = 'bill' | 'payment' | 'complaint';

/** Facts that a personal text is filled with. Instants are ISO 8601, civil dates YYYY-MM-DD, as jsonb keeps them. */
export type PersonalFacts = {
  readonly amountPaise?: number;
  readonly outstandingPaise?: number;
  readonly dueOn?: string;
  readonly paidAt?: string;
  readonly complaintNumber?: string;
  readonly outageId?: string;
  readonly cause?: string;
  readonly estimatedRestorationAt?: string;
};

/** Texts that an event makes false while they wait: all of one subject, or the one with this reference. */
export type Withdrawal = {
  readonly subject: Subject;
  readonly reference: string | null;
};

/** One text to the contacts of one connection, as an event asks for it. */
export type PersonalMessage = {
  readonly kind: PersonalKind;
  readonly connectionId: string;
  readonly subject: Subject;
  readonly reference: string;
  /** Version of the account or of the complaint that the text tells. */
  readonly version: number;
  /** Template family; a language is added. */
  readonly family: PersonalFamily;
  readonly facts: PersonalFacts;
  /** Told only to those who were told this before: there is nothing to correct for others. */
  readonly onlyIfTold: Withdrawal | null;
  /** What makes it false when a newer event says it of the same reference; it does not follow that. */
  readonly undoneBy: Subject | null;
  /** What makes it false when a newer event says it of any reference. */
  readonly overtakenBy: Subject | null;
  /** From this instant on it is not sent any more. */
  readonly notAfter: Date;
  /** True when the news is so late that an operator must release it. */
  readonly isHeld: boolean;
};

/** What an event means to its people: a text, waiting texts that it makes false, or both. */
export type PersonalNews = {
  readonly connectionId: string;
  readonly version: number;
  readonly withdraws: readonly Withdrawal[];
  readonly message: PersonalMessage | null;
};

/** After the outages, complaints and payments before bills. */
export const PERSONAL_LANES: Readonly<Record<PersonalKind, number>> = {
  complaint: lanes.indexOf('complaint'),
  payment: lanes.indexOf('complaint'),
  bill: lanes.indexOf('bill'),
};
