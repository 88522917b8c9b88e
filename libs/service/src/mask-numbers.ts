/**
 * What stands in a log or a trace where a mobile number would have stood. All digits are equal, so it is valid JSON as a
 * number and as text, and can never be a real mobile.
 */
export const MASKED_NUMBER = '9999999999';

// Ten digits from 6 to 9, with +91, 91 or 0 before them, in one run or as 5+5 with one space or dash; Latin or Devanagari digits.
const NUMBER =
  /(?<![0-9A-Za-z०-९])(?:\+?91[ -]?|0)?[6-9]\d{4}[ -]?\d{5}(?![0-9A-Za-z०-९])|(?<![०-९])(?:\+?९१[ -]?|०)?[६-९][०-९]{4}[ -]?[०-९]{5}(?![०-९])/g;

/**
 * Replaces whatever looks like an Indian mobile number (docs/sms.md, Numbers) by `MASKED_NUMBER`.
 * The last wall before logs and traces: an innocent ten-digit number is lost too, a real one never passes.
 */
export function maskNumbers(text: string): string {
  return text.replace(NUMBER, MASKED_NUMBER);
}
