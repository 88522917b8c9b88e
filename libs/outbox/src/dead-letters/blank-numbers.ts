import { INNOCENT_UUID } from '@bijli/units';

const DIGIT = String.raw`(?:[0-9]|\xe0\xa5[\xa6-\xaf])`;
const FIRST = String.raw`(?:[6-9]|\xe0\xa5[\xac-\xaf])`;
const BETWEEN = String.raw`[ .\0-]{0,2}`;

/**
 * Octets, read as Latin-1, that may be a mobile number: ten digits or more from a 6 to 9 on, in ASCII, UTF-16 or Devanagari, with spaces,
 * dots or dashes between them, but for those of a UUID: one in seventeen has ten in a row. Looser than the rule for numbers (libs/units): in a
 * broken record the octet beside a number may be a digit too.
 */
const NUMBER = numberFrom(FIRST);
const ANY_NUMBER = new RegExp(NUMBER);
const UUID_OR_NUMBER = new RegExp(`(${INNOCENT_UUID})|${NUMBER}`, 'g');
const UUID_OR_LONG_NUMBER = new RegExp(`(${INNOCENT_UUID})|${numberFrom(DIGIT)}`, 'g');
const DIGITS = new RegExp(DIGIT, 'g');

function numberFrom(first: string): string {
  return `${first}(?:${BETWEEN}${DIGIT}){9,}`;
}

/** Tells whether octets hold what may be a mobile number. */
export function holdsNumber(octets: Buffer): boolean {
  return ANY_NUMBER.test(octets.toString('latin1')) && !blankNumbers(octets).equals(octets);
}

/** Writes x over the digits of everything that may be a mobile number; the length stays. */
export function blankNumbers(octets: Buffer): Buffer {
  return withoutDigits(octets, UUID_OR_NUMBER);
}

/** Does the same to ten digits or more, whatever they begin with: for octets that are shown and mean nothing to us. */
export function blankLongNumbers(octets: Buffer): Buffer {
  return withoutDigits(octets, UUID_OR_LONG_NUMBER);
}

function withoutDigits(octets: Buffer, uuidOrNumber: RegExp): Buffer {
  const masked = octets
    .toString('latin1')
    .replace(
      uuidOrNumber,
      (found, uuid?: string) => uuid ?? found.replace(DIGITS, (digit) => 'x'.repeat(digit.length)),
    );
  return Buffer.from(masked, 'latin1');
}

/** Masks what may be a mobile number in a text. */
export function blankNumbersInText(text: string): string {
  return blankNumbers(Buffer.from(text)).toString();
}
