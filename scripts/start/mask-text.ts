import { INNOCENT_UUID } from '@bijli/units';

const UUID_OR_LONG_NUMBER = new RegExp(`(${INNOCENT_UUID})|[0-9०-९]{10,}`, 'g');
const SHOWN_DIGITS = 4;

/** Shows of ten or more digits in a text the last four, as one tells an account number to a colleague; UUIDs stay. */
export function maskText(text: string): string {
  return text.replace(
    UUID_OR_LONG_NUMBER,
    (digits, uuid?: string) => uuid ?? '•'.repeat(digits.length - SHOWN_DIGITS) + digits.slice(-SHOWN_DIGITS),
  );
}
