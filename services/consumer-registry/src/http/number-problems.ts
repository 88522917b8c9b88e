import { invalidRequest, problem, type Reply } from '@bijli/service';
import type { MobileNumberRule } from '@bijli/units';
import { z } from 'zod';
import type { NumberRejection } from '../domain/change-mobile-number.ts';
import { secondShape } from '../domain/connection-row.ts';

const rejections = {
  'connection-erased': [410, 'The connection was erased'],
  'stale-version': [409, 'The connection has changed since you read it'],
  'contact-unknown': [404, 'There is no contact with this number, and it is not the next free one'],
  'too-many-contacts': [409, 'The connection has 16 contacts already, the most allowed'],
} as const satisfies Record<NumberRejection, readonly [number, string]>;

/** Answers a number that was not taken. */
export function rejectionReply(code: NumberRejection): Reply {
  const [status, title] = rejections[code];
  return problem(status, code, title);
}

const rules = {
  empty: 'Write a mobile number',
  'scientific-notation': 'A spreadsheet took the last digits; write all ten of them',
  'not-digits': 'Write digits only',
  length: 'An Indian mobile number has ten digits',
  range: 'An Indian mobile number begins with 6, 7, 8 or 9',
  'all-same-digit': 'Ten equal digits are nobody’s number',
} as const satisfies Record<MobileNumberRule, string>;

/** Answers what is no mobile number, without repeating it. */
export function malformedReply(rule: MobileNumberRule): Reply {
  return invalidRequest([{ field: '/body/mobileNumber', rule, detail: rules[rule] }]);
}

/** What of a text was not taken, although a number was read in it. */
export const numberWarning = z.strictObject({ field: z.string(), rule: z.string(), detail: z.string() });

/** Warns of a second number in a text: shows where it stood, masked, and not what it was. */
export function warningsOf(text: string, secondAt: number | null): z.input<typeof numberWarning>[] {
  if (secondAt === null) return [];
  const detail = `Two numbers: the first was taken, the one in brackets was not: ${secondShape(text, secondAt)}`;
  return [{ field: '/body/mobileNumber', rule: 'second-number', detail }];
}

const RETRY_AFTER_SECONDS = '10';

/** Answers a number that would have to wait for an import. */
export function importRunningReply(): Reply {
  return problem(
    503,
    'import-running',
    'An import is saving its rows; try again',
    {},
    { 'retry-after': RETRY_AFTER_SECONDS },
  );
}
