import { plainText } from './plain-text.ts';

declare const mobileNumberBrand: unique symbol;

/** The ten digits of an Indian mobile number, first digit 6 to 9, without country code. */
export type MobileNumber = string & { readonly [mobileNumberBrand]: true };

/** Why a text is no mobile number; the first rule that it breaks. */
export type MobileNumberRule = 'empty' | 'scientific-notation' | 'not-digits' | 'length' | 'range' | 'all-same-digit';

/**
 * A mobile number, or the rule that the text breaks; the text itself is never repeated. `secondAt` is the place in the text, in UTF-16 units,
 * where another number begins that was left out; null where there is none.
 */
export type ParsedMobileNumber =
  | { readonly ok: true; readonly number: MobileNumber; readonly secondAt: number | null }
  | { readonly ok: false; readonly rule: MobileNumberRule };

const DIGITS = 10;
const MOBILE = /^[6-9][0-9]{9}$/;
/** UTF-16 units of the longest text that is looked at: two numbers with words before them, as people write them, have some sixty. */
const LONGEST = 100;
const VISIBLE_AT_EACH_END = 2;

const NOTHING_AROUND = /^[0-9+ -]+$/;
const WORDS = [
  ...['tel', 'ph', 'phone', 'm', 'mo', 'mob', 'mobile', 'cell', 'contact', 'whatsapp', 'no', 'nos', 'number'],
  ...['मो', 'मोब', 'मोबा', 'मोबाइल', 'मोबाईल', 'फोन', 'फ़ोन', 'संपर्क', 'सम्पर्क', 'नं', 'न', 'नंबर', 'नम्बर'],
];
/** Words before a number, as a whole each, with what divides them from it: `Mob. No.:`, `tel:`, `मो॰`. */
const WORDS_BEFORE = new RegExp(`^(?:(?:${WORDS.join('|')})(?![\\p{L}\\p{M}])[\\s\\p{Pd}.:#\\u0970]*)+`, 'iu');
/** Excel's mark of a text (`'98…`, `="98…"`), and the quotes that become of it. */
const QUOTES_BEFORE = /^(?:=?["“”]|['‘’`])+\s*/;
const QUOTES_BEHIND = /\s*["“”'’]+$/;
/** A number that a spreadsheet made of the digits: nothing but zeros behind its only point. */
const DECIMALS = /^([^.]*[0-9])\.0+$/;
/** What a spreadsheet makes of a long number: its last digits are lost. */
const SCIENTIFIC = /^[0-9.,]+e[+]?[0-9]+$/i;
const SEPARATORS = /[\s\p{Pd}\u2212().,/]+/gu;
const LETTER = /\p{L}/u;
const NATIONAL = /^(?:\+91|0{0,2}91)?0?([0-9]{10})$/;

/** Signs and words that divide two numbers. */
const BETWEEN = /[,;/|&]|(?<![\p{L}\p{M}])(?:or|and|या|और)(?![\p{L}\p{M}])/giu;
/** What stands inside a number as well, so both sides of it must be whole numbers. */
const PERHAPS_BETWEEN = /[\s\p{Pd}.]+/gu;
/** A whole number has ten digits, and with everything that may stand before them fifteen. */
const TEN_DIGITS = /^(?:[^0-9]*[0-9]){10}/;
const SIXTEEN_DIGITS = /^(?:[^0-9]*[0-9]){16}/;
/** One digit behind the sign could be the last one of the first number. */
const ANOTHER_NUMBER = /^\+?[0-9]{2,}$/;

const refused = (rule: MobileNumberRule): ParsedMobileNumber => ({ ok: false, rule });
const read = (number: string): ParsedMobileNumber => ({ ok: true, number: number as MobileNumber, secondAt: null });

const isOneDigitRepeated = (digits: string): boolean => digits === digits.charAt(0).repeat(digits.length);

/** The text of one number without what people and spreadsheets put around it. */
function bare(plain: string): string {
  if (NOTHING_AROUND.test(plain)) return plain;
  return plain
    .trim()
    .replace(QUOTES_BEFORE, '')
    .replace(WORDS_BEFORE, '')
    .replace(QUOTES_BEHIND, '')
    .replace(DECIMALS, '$1');
}

function readOne(plain: string): ParsedMobileNumber {
  const written = bare(plain);
  if (SCIENTIFIC.test(written)) return refused('scientific-notation');
  const digits = written.replace(SEPARATORS, '');
  if (digits === '') return refused(LETTER.test(plain) ? 'not-digits' : 'empty');
  if (!/^\+?[0-9]+$/.test(digits)) return refused('not-digits');
  const national = NATIONAL.exec(digits)?.[1];
  if (national === undefined) return refused(/^\+(?!91)/.test(digits) ? 'range' : 'length');
  if (isOneDigitRepeated(national)) return refused('all-same-digit');
  return MOBILE.test(national) ? read(national) : refused('range');
}

function areNumbers(plain: string): boolean {
  const parts = plain.split(BETWEEN).map((part) => bare(part).replace(SEPARATORS, ''));
  const written = parts.filter((part) => part !== '');
  return written.length > 0 && written.every((part) => ANOTHER_NUMBER.test(part));
}

/** Reads two numbers in one text: the first counts. Null where the text is not two numbers. */
function readFirst(plain: string): ParsedMobileNumber | null {
  const dividers = [
    { sign: BETWEEN, isSecond: areNumbers },
    { sign: PERHAPS_BETWEEN, isSecond: (text: string) => readOne(text).ok || readFirst(text) !== null },
  ];
  const from = TEN_DIGITS.exec(plain)?.[0].length ?? Number.POSITIVE_INFINITY;
  const to = SIXTEEN_DIGITS.exec(plain)?.[0].length ?? plain.length;
  for (const { sign, isSecond } of dividers)
    for (const { index, 0: divider } of plain.matchAll(sign)) {
      if (index < from || index >= to) continue;
      const first = readOne(plain.slice(0, index));
      const secondAt = index + divider.length;
      if (first.ok && isSecond(plain.slice(secondAt))) return { ...first, secondAt };
    }
  return null;
}

/** The place in a text of what stands at a place in its plain form. */
function placeIn(text: string, placeInPlain: number): number {
  let [place, plainPlace] = [0, 0];
  for (const character of text) {
    if (plainPlace >= placeInPlain) break;
    place += character.length;
    plainPlace += plainText(character).length;
  }
  return place;
}

/**
 * Reads a mobile number as people, phones and spreadsheets write it: digits of any script, with spaces, dashes, dots, brackets and marks that
 * nobody sees, with `.0` behind it, an apostrophe, `tel:` or `Mob.` before it, as `0…`, `91…`, `+91…`, `0091…` or `+91 (0)…`. Of two numbers in
 * one text the first is read. Source: National Numbering Plan (DoT, 2003); the prefix says nothing about the operator (portability).
 */
export function parseMobileNumber(text: string): ParsedMobileNumber {
  // Most of half a million cells are ten digits and nothing else.
  if (MOBILE.test(text) && !isOneDigitRepeated(text)) return read(text);
  if (text.length > LONGEST) return refused('length');
  const plain = plainText(text);
  const whole = readOne(plain);
  if (whole.ok || whole.rule === 'empty') return whole;
  const first = readFirst(plain);
  if (!first?.ok || first.secondAt === null) return whole;
  return { ...first, secondAt: placeIn(text, first.secondAt) };
}

/** Hides the middle of a number for people and logs: `98••••••10`. */
export function maskMobileNumber(number: MobileNumber): string {
  return (
    number.slice(0, VISIBLE_AT_EACH_END) +
    '•'.repeat(DIGITS - 2 * VISIBLE_AT_EACH_END) +
    number.slice(DIGITS - VISIBLE_AT_EACH_END)
  );
}
