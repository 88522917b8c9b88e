import {
  cleanAccountNumber,
  hasControlCharacter,
  type MobileNumber,
  parseMobileNumber,
  withoutInvisible,
} from '@bijli/units';

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

/**
 * What a mobile cell says: nothing, a number, or something that is none, with the rule that it breaks and its shape. `secondShape` shows, where
 * two numbers stand in the cell, which of them was left out: `••••••••••/[••••••••••]`.
 */
export type MobileCell =
  | { readonly state: 'absent' }
  | { readonly state: 'collected'; readonly number: MobileNumber; readonly secondShape: string | null }
  | { readonly state: 'malformed'; readonly rule: string; readonly shape: string };

const LONGEST_SHAPE = 40;

/** Hides a text but for its form: digits become `•`, letters `x`; at most 40 characters. */
export function shapeOf(text: string): string {
  return text
    .slice(0, LONGEST_SHAPE)
    .replace(/\p{Nd}/gu, '•')
    .replace(/[\p{L}\p{M}]/gu, 'x')
    .replace(/[\p{C}\p{Z}]/gu, ' ');
}

/** Shows where in a text a second number stood, both of them hidden: `••••••••••/[••••••••••]`. */
export function secondShape(text: string, secondAt: number): string {
  return `${shapeOf(text.slice(0, secondAt))}[${shapeOf(text.slice(secondAt))}]`;
}

/** Reads a mobile cell; one with nothing but spaces, dashes and marks that nobody sees is empty. */
export function readMobileCell(cell: string): MobileCell {
  const parsed = parseMobileNumber(cell);
  if (parsed.ok) {
    const { number, secondAt } = parsed;
    return { state: 'collected', number, secondShape: secondAt === null ? null : secondShape(cell, secondAt) };
  }
  if (parsed.rule === 'empty') return { state: 'absent' };
  return { state: 'malformed', rule: parsed.rule, shape: shapeOf(cell) };
}

const cleanOldAccountNumbers = (cell: string): string =>
  PLAIN_OLD_NUMBERS.test(cell)
    ? cell
    : cell
        .split(/[;|\s]+/)
        .map(cleanAccountNumber)
        .join(';');
const PLAIN_OLD_NUMBERS = /^[A-Za-z0-9/;| -]*$/;

/** Columns that hold a code or a number: what people and spreadsheets put around and into one is dropped before it is judged. */
const cleaners: Readonly<Record<string, (cell: string) => string>> = {
  account_number: cleanAccountNumber,
  old_account_numbers: cleanOldAccountNumbers,
  ...Object.fromEntries(
    ['category', 'state', 'node_code', 'language', 'code', 'kind', 'parent_code'].map((column) => [
      column,
      withoutInvisible,
    ]),
  ),
};

/** Gives what cleans the cells of a column; null for a column of texts, which stay as they are. */
export function cleanerOf(column: string): ((cell: string) => string) | null {
  return cleaners[column] ?? null;
}

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

/** Gives the rule that a cell breaks before anybody looks at its meaning; null where it breaks none. */
export function cellProblem(column: string, cell: string): string | null {
  if (cell.length <= LONGEST_CODE && !hasControlCharacter(cell)) return null;
  if (cell.includes('\u0000')) return 'nul-character';
  if (cell.length > (LONGEST[column] ?? LONGEST_CODE)) return 'too-long';
  return hasControlCharacter(cell) ? 'control-character' : null;
}
