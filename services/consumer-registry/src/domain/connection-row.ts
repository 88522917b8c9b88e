import { type MobileNumber, parseMobileNumber } from '@bijli/units';

/** The columns of a connection file; their order in the file is free. */
export const connectionColumns = [
  'account_number',
  'category',
  'state',
  'node_code',
  'locality_en',
  'locality_hi',
  'meter_number',
  'consumer_name',
  'mobile',
  'language',
  'old_account_numbers',
] as const;

/** The columns of a network file. */
export const networkColumns = ['code', 'kind', 'parent_code', 'name_en', 'name_hi'] as const;

/** What a mobile cell says: nothing, a number, or something that is none, with the rule that it breaks and its shape. */
export type MobileCell =
  | { readonly state: 'absent' }
  | { readonly state: 'collected'; readonly number: MobileNumber }
  | { readonly state: 'malformed'; readonly rule: string; readonly shape: string };

const LONGEST_SHAPE = 40;
/** What a spreadsheet makes of a long number: its last digits are lost. */
const SCIENTIFIC = /^[0-9.,]+e[+]?[0-9]+$/i;

/** This function will hide a text but for its form: digits become `•`, letters `x`; at most 40 characters. */
export const shapeOf = (text: string): string =>
  text
    .slice(0, LONGEST_SHAPE)
    .replace(/\p{Nd}/gu, '•')
    .replace(/[\p{L}\p{M}]/gu, 'x')
    .replace(/[\p{C}\p{Z}]/gu, ' ');

/** This function will read a mobile cell; a cell of spaces is empty. */
export const readMobileCell = (cell: string): MobileCell => {
  const parsed = parseMobileNumber(cell);
  if (parsed.ok) return { state: 'collected', number: parsed.number };
  if (cell === '') return { state: 'absent' };
  const rule = SCIENTIFIC.test(cell) ? 'scientific-notation' : parsed.rule;
  return { state: 'malformed', rule, shape: shapeOf(cell) };
};

/** Longest text of a column, in characters; a text above it is a mistake of the file, not a name. */
const LONGEST: Readonly<Record<string, number>> = {
  locality_en: 200,
  locality_hi: 200,
  consumer_name: 200,
  name_en: 200,
  name_hi: 200,
  old_account_numbers: 200,
};
const LONGEST_CODE = 60;
/** Controls, and the marks that turn the direction of a text around; joiners stay, Hindi needs them. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;

/** The rule that a cell breaks before anybody looks at its meaning; undefined where it breaks none. */
export const cellProblem = (column: string, cell: string): string | undefined => {
  if (cell.includes('\u0000')) return 'nul-character';
  if (cell.length > (LONGEST[column] ?? LONGEST_CODE)) return 'too-long';
  return CONTROL.test(cell) ? 'control-character' : undefined;
};
