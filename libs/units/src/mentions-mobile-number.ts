import { plainText } from './plain-text.ts';

/** What people write between two digits of one number. */
const GAP = '(?:[\\s\\p{Pd}\\u2212().]{1,3}|[,/_])?';
/** Other digits right beside it make it an id; a date and a time begin with other digits or have fewer of them. */
const MOBILE = new RegExp(`(?<![0-9])(?:\\+?(?:0{0,2}91)?${GAP}0?${GAP})?[6-9](?:${GAP}[0-9]){9}(?![0-9])`, 'u');

/** Tells whether somebody's mobile number may stand in a text, in digits of any script and however they are spaced. */
export function mentionsMobileNumber(text: string): boolean {
  return MOBILE.test(plainText(text));
}
