/** What a column may be given as. A `Date` becomes a timestamptz in UTC, a Buffer a bytea, a bigint or number its decimal text. */
export type CopyValue = string | number | bigint | boolean | Buffer | Date | null;
export type CopyRow = readonly CopyValue[];

/*
 * PostgreSQL 18, COPY, "Text Format": one line a row; columns divided by a tab; \N is null; backslash, newline, carriage return and tab
 * inside a value are written \\ \n \r \t. Example: ('a<tab>b', null, 7) is the line `a\tb<TAB>\N<TAB>7`.
 */
const NEEDS_ESCAPE = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escapeText = (text: string): string =>
  NEEDS_ESCAPE.test(text) ? text.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found] ?? found) : text;

function copyField(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('COPY takes finite numbers only.');
  return String(value);
}

/** Writes one row as one line of COPY's text format, newline included. Throws RangeError for NaN, an infinity or an invalid Date. */
export function copyLine(row: CopyRow): string {
  return `${row.map(copyField).join('\t')}\n`;
}
