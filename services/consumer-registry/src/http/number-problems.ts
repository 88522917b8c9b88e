import { invalidRequest, problem, type Reply } from '@bijli/service';
import type { MobileNumberRule } from '@bijli/units';
import type { NumberRejection } from '../domain/change-mobile-number.ts';

const rejections = {
  'connection-erased': [410, 'The connection was erased'],
  'stale-version': [409, 'Somebody changed the connection meanwhile; read it again'],
  'contact-unknown': [404, 'There is no such contact, nor is it the next one'],
  'too-many-contacts': [409, 'A connection has at most 16 contacts'],
} as const satisfies Record<NumberRejection, readonly [number, string]>;

/** This function will answer a number that was not taken. */
export const rejectionReply = (code: NumberRejection): Reply => {
  const [status, title] = rejections[code];
  return problem(status, code, title);
};

const rules = {
  empty: 'Write a mobile number',
  'not-digits': 'Write digits only',
  length: 'An Indian mobile number has ten digits',
  range: 'An Indian mobile number begins with 6, 7, 8 or 9',
  'all-same-digit': 'Ten equal digits are nobody’s number',
} as const satisfies Record<MobileNumberRule, string>;

/** This function will answer what is no mobile number, without repeating it. */
export const malformedReply = (rule: MobileNumberRule): Reply =>
  invalidRequest([{ field: '/body/mobileNumber', rule, detail: rules[rule] }]);

const RETRY_AFTER_SECONDS = '10';

/** This function will answer a number that would have to wait for an import. */
export const importRunningReply = (): Reply =>
  problem(503, 'import-running', 'An import is saving its rows; try again', {}, { 'retry-after': RETRY_AFTER_SECONDS });
