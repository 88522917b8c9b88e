declare const mobileNumberBrand: unique symbol;

/** The ten digits of an Indian mobile number, first digit 6 to 9, without country code. */
export type MobileNumber = string & { readonly [mobileNumberBrand]: true };

/** Why a text is no mobile number; the first rule that it breaks. */
export type MobileNumberRule = 'empty' | 'not-digits' | 'length' | 'range' | 'all-same-digit';

/** A mobile number, or the rule that the text breaks; the text itself is never repeated. */
export type ParsedMobileNumber =
  | { readonly ok: true; readonly number: MobileNumber }
  | { readonly ok: false; readonly rule: MobileNumberRule };

const DIGITS = 10;
const MOBILE = /^[6-9][0-9]{9}$/;
const SEPARATORS = /[\s\u002d\u2010-\u2015\u2212]+/gu;
const DEVANAGARI_DIGIT = /[\u0966-\u096f]/gu;
const DEVANAGARI_ZERO = 0x0966;
const VISIBLE_AT_EACH_END = 2;

const refused = (rule: MobileNumberRule): ParsedMobileNumber => ({ ok: false, rule });

const plainDigits = (text: string): string =>
  text
    .replace(SEPARATORS, '')
    .replace(DEVANAGARI_DIGIT, (digit) => String((digit.codePointAt(0) ?? DEVANAGARI_ZERO) - DEVANAGARI_ZERO));

/** The national part: without `+91`, without `91` before ten digits, without the trunk prefix `0` before ten digits. */
const nationalPart = (digits: string): string => {
  if (digits.startsWith('+91')) return digits.slice('+91'.length);
  if (digits.length === DIGITS + 2 && digits.startsWith('91')) return digits.slice(2);
  if (digits.length === DIGITS + 1 && digits.startsWith('0')) return digits.slice(1);
  return digits;
};

const isOneDigitRepeated = (digits: string): boolean => digits === digits.charAt(0).repeat(digits.length);

/**
 * Reads a mobile number as people write it: ten digits, `0…`, `91…` or `+91…`, with spaces and dashes, Latin or
 * Devanagari digits. Source: National Numbering Plan (DoT, 2003); the prefix says nothing about the operator (portability).
 */
export const parseMobileNumber = (text: string): ParsedMobileNumber => {
  const digits = MOBILE.test(text) ? text : plainDigits(text);
  if (digits === '') return refused('empty');
  if (!/^\+?[0-9]+$/.test(digits)) return refused('not-digits');
  const national = nationalPart(digits);
  if (national.startsWith('+')) return refused('range');
  if (national.length !== DIGITS) return refused('length');
  if (isOneDigitRepeated(national)) return refused('all-same-digit');
  return MOBILE.test(national) ? { ok: true, number: national as MobileNumber } : refused('range');
};

/** Hides the middle of a number for people and logs: `98••••••10`. */
export const maskMobileNumber = (number: MobileNumber): string =>
  number.slice(0, VISIBLE_AT_EACH_END) +
  '•'.repeat(DIGITS - 2 * VISIBLE_AT_EACH_END) +
  number.slice(DIGITS - VISIBLE_AT_EACH_END);
