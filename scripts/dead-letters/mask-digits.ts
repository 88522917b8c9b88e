import { INNOCENT_UUID } from '@bijli/units';

const DIGIT = String.raw`(?:[0-9]|\xe0\xa5[\xa6-\xaf])`;
const BETWEEN = String.raw`[ .\0-]{0,2}`;
/** A UUID, or ten digits or more, whatever they begin with, in octets read as Latin-1: ASCII, UTF-16 or Devanagari. */
const UUID_OR_LONG_NUMBER = new RegExp(`(${INNOCENT_UUID})|${DIGIT}(?:${BETWEEN}${DIGIT}){9,}`, 'g');
const DIGITS = new RegExp(DIGIT, 'g');

const UUID_OR_LONG_TEXT_NUMBER = new RegExp(`(${INNOCENT_UUID})|[0-9०-९]{10,}`, 'g');
const SHOWN_DIGITS = 4;

/** Writes x over every digit of ten or more in a row, in octets that mean nothing to us; UUIDs stay, an operator looks for them. */
export function maskOctets(octets: Buffer): Buffer {
  const masked = octets
    .toString('latin1')
    .replace(
      UUID_OR_LONG_NUMBER,
      (found, uuid?: string) => uuid ?? found.replace(DIGITS, (digit) => 'x'.repeat(digit.length)),
    );
  return Buffer.from(masked, 'latin1');
}

/** Shows of ten or more digits in a text the last four, as one tells an account number to a colleague; UUIDs stay. */
export function maskText(text: string): string {
  return text.replace(
    UUID_OR_LONG_TEXT_NUMBER,
    (digits, uuid?: string) => uuid ?? '•'.repeat(digits.length - SHOWN_DIGITS) + digits.slice(-SHOWN_DIGITS),
  );
}
