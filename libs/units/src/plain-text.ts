// Cf are marks of direction, joiners and the like; the rest is drawn as nothing as well (variation selectors, fillers).
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu;
const OTHER_DIGIT = /(?![0-9])\p{Nd}/gu;
const IS_DIGIT = /^\p{Nd}$/u;
const FULL_WIDTH_SIGN = /[\uff01-\uff0f\uff1a-\uff20]/gu;
/** From a full-width sign to the same one of ASCII (Unicode, Halfwidth and Fullwidth Forms). */
const FULL_WIDTH_OFFSET = 0xfee0;
const ASCII_ONLY = /^[\u0020-\u007e]*$/;

/** Digits of other scripts that were met so far, with what they count: there are some hundreds in all. */
const knownDigits = new Map<string, string>();

/** Unicode keeps the ten digits of a script together, from zero to nine, and begins each run of them with a zero. */
function valueOf(digit: string): string {
  const known = knownDigits.get(digit);
  if (known !== undefined) return known;
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (IS_DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  const value = String((point - zero) % 10);
  knownDigits.set(digit, value);
  return value;
}

/** Drops what nobody sees: marks of direction, joiners, zero-width spaces, variation selectors, soft hyphens. */
export function withoutInvisible(text: string): string {
  return ASCII_ONLY.test(text) ? text : text.replace(INVISIBLE, '');
}

/**
 * Writes a text as a keyboard of today would: without what nobody sees, with the digits 0 to 9 for those of any script, and with the signs of
 * ASCII for full-width ones. Letters stay what they are: one that only looks like a digit is none.
 */
export function plainText(text: string): string {
  if (ASCII_ONLY.test(text)) return text;
  return text
    .replace(INVISIBLE, '')
    .replace(OTHER_DIGIT, valueOf)
    .replace(FULL_WIDTH_SIGN, (sign) => String.fromCharCode(sign.charCodeAt(0) - FULL_WIDTH_OFFSET));
}
