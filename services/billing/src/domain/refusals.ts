import type { BillingSystemEvent } from '@bijli/events';
import type { RejectionCode } from './account.ts';

/** Which field of a posting a refusal is about, and the rule in words that suit any way in. */
export type Refusal = { readonly field: keyof BillingSystemEvent; readonly words: string };

/** A new code does not compile until it stands here. */
export const refusals = {
  'unknown-type': { field: 'type', words: 'This is nothing that happens on an account' },
  'ten-digits': { field: 'accountNumber', words: 'An account number has ten digits' },
  'reference-format': { field: 'reference', words: 'A reference has 1 to 40 of A-Z a-z 0-9 . / _ -' },
  'occurred-in-the-future': { field: 'occurredAt', words: 'This has not happened yet' },
  'occurred-too-long-ago': { field: 'occurredAt', words: 'This happened more than 5 years ago' },
  'amount-missing': { field: 'amountPaise', words: 'A bill and a payment have an amount' },
  'amount-range': {
    field: 'amountPaise',
    words: 'A payment is 1 to 100000000000 whole paise, a bill 0 to as many',
  },
  'amount-negative': {
    field: 'amountPaise',
    words: 'An amount is never below 0: what the account is given is a payment, what is taken back a cancellation',
  },
  'amount-not-allowed': { field: 'amountPaise', words: 'A reversal or cancellation takes back the whole amount' },
  'issue-missing': { field: 'issuedOn', words: 'A bill has a date of issue' },
  'issue-no-date': { field: 'issuedOn', words: 'There is no such date' },
  'issue-not-allowed': { field: 'issuedOn', words: 'Only a bill has a date of issue' },
  'issued-in-the-future': { field: 'issuedOn', words: 'A bill is issued at the latest tomorrow' },
  'issued-too-long-ago': { field: 'issuedOn', words: 'The bill was issued more than 5 years ago' },
  'due-missing': { field: 'dueOn', words: 'A bill has a due date' },
  'due-no-date': { field: 'dueOn', words: 'There is no such date' },
  'due-not-allowed': { field: 'dueOn', words: 'Only a bill has a due date' },
  'before-issue': { field: 'dueOn', words: 'A bill is due on the day of its issue or later' },
  'due-too-late': { field: 'dueOn', words: 'A bill is due within a year of its issue' },
  'reference-reused': { field: 'reference', words: 'This reference was used for another amount or other dates' },
  'already-reversed': { field: 'reference', words: 'The payment is reversed already' },
  'already-cancelled': { field: 'reference', words: 'The bill is cancelled already' },
  'unknown-account': { field: 'accountNumber', words: 'There is no account with this number' },
  'unknown-payment': { field: 'reference', words: 'The account has no payment with this reference' },
  'unknown-bill': { field: 'reference', words: 'The account has no bill with this reference' },
  'not-taken-back': {
    field: 'reference',
    words: 'What has this reference stands: it is entered again once it was taken back',
  },
  'not-entered-again': {
    field: 'reference',
    words: 'What has this reference is taken back already, and was not entered again',
  },
} as const satisfies Record<RejectionCode, Refusal>;
