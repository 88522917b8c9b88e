/** What an array may hold to be written here. */
type Element = string | number | bigint | boolean | null;

/*
 * PostgreSQL 18, 8.15.6 "Array Input and Output Syntax": elements stand between commas in braces; one that is empty, is the word NULL or
 * holds a brace, comma, quote, backslash or white space is quoted, with a backslash before a quote or backslash. Example: {a,NULL,"b \"c\""}.
 */
const PLAIN = /^(?!null$)[\w.:+-]+$/i;

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

function elementText(element: Element): string {
  if (element === null) return 'NULL';
  if (typeof element === 'string') return PLAIN.test(element) ? element : quoted(element);
  return String(element);
}

const isElement = (value: unknown): value is Element =>
  value === null || (typeof value !== 'object' && typeof value !== 'undefined');

/**
 * Writes an array as PostgreSQL reads it; null where an element is none of these (bytes, instants, arrays): node-postgres knows those.
 * It would also know the others, at four times the cost: a projection gives arrays of thousands of ids and numbers.
 */
export function arrayLiteral(values: readonly unknown[]): string | null {
  return values.every(isElement) ? `{${values.map(elementText).join(',')}}` : null;
}
