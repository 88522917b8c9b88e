import { plainText } from './plain-text.ts';

const PLAIN = /^[A-Za-z0-9/-]+$/;
const QUOTES = /^(?:=?["“”]|['‘’`])+|["“”'’]+$/g;
const DECIMALS = /^([0-9]+)\.0+$/;

/**
 * Drops from an account number what people and spreadsheets put around and into it: spaces, marks that nobody sees, an apostrophe before it,
 * `.0` behind it; digits of any script become 0 to 9. Whether what is left is an account number the caller judges.
 */
export function cleanAccountNumber(text: string): string {
  if (PLAIN.test(text)) return text;
  return plainText(text).replaceAll(/\s+/g, '').replace(QUOTES, '').replace(DECIMALS, '$1');
}
