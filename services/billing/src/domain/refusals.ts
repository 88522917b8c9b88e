import type { BillingSystemEvent } from '@bijli/events';
import type { RejectionCode } from './account.ts';

/** Which field of a posting a refusal is about, and the rule in words that suit any way in. */
export type Refusal = { readonly field: keyof BillingSystemEvent; readonly words: string };

/** A new code does not compile until it stands here. */
export const refusals = {
  'unknown-type': { field: 'type', words: 'The type of event is not known' },
  'ten-digits': { field: 'accountNumber', words: 'Give an account number of ten digits' },
  'reference-format': { field: 'reference', words: 'Give a reference of 1 to 40 of A-Z a-z 0-9 . / _ -' },
  'occurred-in-the-future': { field: 'occurredAt', words: 'The time of the event is in the future' },
  'occurred-too-long-ago': { field: 'occurredAt', words: 'The time of the event is more than 5 years ago' },
  'amount-missing': { field: 'amountPaise', words: 'A bill or a payment needs an amount' },
  'amount-range': {
    field: 'amountPaise',
    words: 'Give 1 to 100000000000 whole paise for a payment, 0 to as many for a bill',
  },
  'amount-negative': {
    field: 'amountPaise',
    words: 'The amount is below 0: enter a credit as a payment, a bill taken back as a cancellation',
  },
  'amount-not-allowed': {
    field: 'amountPaise',
    words: 'A reversal or a cancellation has no amount: it takes back the whole',
  },
  'issue-missing': { field: 'issuedOn', words: 'A bill needs a date of issue' },
  'issue-no-date': { field: 'issuedOn', words: 'The date of issue is not a date of the calendar' },
  'issue-not-allowed': { field: 'issuedOn', words: 'Only a bill may have a date of issue' },
  'issued-in-the-future': { field: 'issuedOn', words: 'The date of issue is later than tomorrow' },
  'issued-too-long-ago': { field: 'issuedOn', words: 'The date of issue is more than 5 years ago' },
  'due-missing': { field: 'dueOn', words: 'A bill needs a due date' },
  'due-no-date': { field: 'dueOn', words: 'The due date is not a date of the calendar' },
  'due-not-allowed': { field: 'dueOn', words: 'Only a bill may have a due date' },
  'before-issue': { field: 'dueOn', words: 'The due date is before the date of issue' },
  'due-too-late': { field: 'dueOn', words: 'The due date is more than a year after the date of issue' },
  'reference-reused': { field: 'reference', words: 'This reference was used for another amount or other dates' },
  'already-reversed': { field: 'reference', words: 'The payment is reversed already' },
  'already-cancelled': { field: 'reference', words: 'The bill is cancelled already' },
  'unknown-account': { field: 'accountNumber', words: 'There is no account with this number' },
  'unknown-payment': { field: 'reference', words: 'The account has no payment with this reference' },
  'unknown-bill': { field: 'reference', words: 'The account has no bill with this reference' },
  'not-taken-back': {
    field: 'reference',
    words: 'This reference is entered already; it can be entered again once it is taken back',
  },
  'not-entered-again': {
    field: 'reference',
    words: 'This reference is taken back already, and is not entered again yet',
  },
} as const satisfies Record<RejectionCode, Refusal>;
