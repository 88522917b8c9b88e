import { accountNumberAs, idempotencyKey, instant } from '@bijli/service';
import { z } from 'zod';
import { CIVIL_DATE, dayOf } from '../domain/civil-date.ts';
import { ACCOUNT_NUMBER, MAX_AMOUNT_PAISE, MAX_VERSION, REFERENCE } from '../domain/limits.ts';
import { refusals } from '../domain/refusals.ts';

const accountNumber = accountNumberAs(ACCOUNT_NUMBER, refusals['ten-digits'].words).meta({
  description: 'Today’s number of the account, or an old one',
  example: '4100000005',
});

export const reference = z.string().regex(REFERENCE, refusals['reference-format'].words).meta({
  description:
    'Number of the bill, or transaction id of the payment; the same one on the same account is the same thing, unless it was taken back. For example UP-2026-01-0004217',
});

/** Below 0 it has a reason of its own: a credit of the billing system, not a slip. */
const amountFrom = (least: 0 | 1) =>
  z
    .int()
    .refine((paise) => paise >= 0, {
      error: refusals['amount-negative'].words,
      params: { rule: 'amount-negative' },
      abort: true,
    })
    .min(least)
    .max(MAX_AMOUNT_PAISE)
    .meta({ description: 'Whole paise; 100 are a rupee', minimum: least, example: 145_050 });

const civilDate = z
  .string()
  .refine((text) => dayOf(text) !== null, {
    error: 'Write a date that there is, as 2026-01-30',
    params: { rule: 'civil-date' },
  })
  .meta({
    format: 'date',
    pattern: CIVIL_DATE.source,
    description: 'Civil date in India, for example 2026-01-30',
  });

const occurredAt = instant.optional().meta({ description: 'When it happened at its source; now where absent' });

/** The fields of a payment. */
export const paymentFields = { accountNumber, reference, amountPaise: amountFrom(1), occurredAt };
/** The fields of a bill; the amount is 0 where a month costs nothing. */
export const billFields = { ...paymentFields, amountPaise: amountFrom(0), issuedOn: civilDate, dueOn: civilDate };
/** The fields where something is taken back and its reference stands in the path. */
export const takingBackFields = { accountNumber, occurredAt };

export const accountParams = z.object({ accountNumber });
export const referenceParams = z.object({ reference });
export const onceHeaders = z.object({ 'idempotency-key': idempotencyKey.optional() });

/** Where the fields stand when the reference is in the path. */
export const referenceInPath = { at: '/body', fieldFor: { reference: '/params/reference' } };

/** The query that reads a page was given a cursor of somebody else. */
export const badCursor = { field: '/query/cursor', rule: 'cursor', detail: 'Use the nextCursor of the page before' };

/** Tells whether a part of a cursor is the number of an entry. */
export function isEntryVersion(part: unknown): part is number {
  return typeof part === 'number' && Number.isInteger(part) && part >= 1 && part <= MAX_VERSION;
}

/** Tells whether a part of a cursor is the id of a row that the database numbered. */
export function isRowId(part: unknown): part is string {
  return typeof part === 'string' && /^\d{1,18}$/.test(part);
}
