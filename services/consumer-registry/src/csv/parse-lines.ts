import type { ProblemHolder } from './file-problem.ts';
import { LONGEST_ROW, type QuotedRow, readQuotedRow } from './quoted-row.ts';

/** The cells of one row with the line that it begins on, from 1. */
export type ParsedRow = { readonly line: number; readonly cells: readonly string[] };

/** Reads the text of a file piece by piece; each piece is whole lines ended by LF, but perhaps the last. */
export type LineParser = {
  /** Gives the rows that are whole by now. */
  rowsOf(piece: string): readonly ParsedRow[];
  /** Stops at a quote that is still open. */
  end(): void;
};

const SEPARATORS = [',', ';', '\t', '|'];
/** What a spreadsheet takes for a first line that says what divides the cells: `sep=;`. */
const SEPARATOR_LINE = /^"?sep=(.?)"?\n?$/i;
const FIRST_LINE = /^.*\n?/;

const details: { readonly [fault in Exclude<QuotedRow['is'], 'row'>]: readonly [rule: string, detail: string] } = {
  open: ['unclosed-quote', 'A quote is opened here and never closed'],
  'too-long': ['unclosed-quote', `A row has at most ${LONGEST_ROW} characters; a quote may be left open`],
  'misplaced-quote': ['misplaced-quote', 'A quote stands inside a cell; quote the whole cell and double it'],
  'not-ended': ['misplaced-quote', 'Something follows a closing quote'],
};

function lineFeedsIn(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

/**
 * Reads CSV (RFC 4180) into rows, with a BOM or without; a first line `sep=;` says what divides the cells. Lines with nothing in their cells are
 * counted and skipped. What is no CSV stops the holder with the line on which the row begins and the column. Why no package reads it:
 * docs/adr/0014-files-are-taken-in-and-read-here.md.
 */
export function openLineParser(holder: ProblemHolder): LineParser {
  let separator = '';
  let blankRow = /^$/;
  let header: readonly string[] = [];
  let line = 1;
  /** A row whose quote is open, and the cell with it. */
  let [rest, openColumn] = ['', 0];

  const stop = (rule: string, detail: string, column = -1): never =>
    holder.stop([{ line, field: header[column]?.trim() ?? '', rule, detail }]);

  /** Reads what stands before the first row; gives where that begins. */
  const begin = (text: string): number => {
    const start = text.startsWith('\ufeff') ? 1 : 0;
    const first = FIRST_LINE.exec(text.slice(start))?.[0] ?? '';
    const declared = SEPARATOR_LINE.exec(first)?.[1];
    separator = declared ?? ',';
    if (!SEPARATORS.includes(separator))
      stop(
        'separator',
        'Cells are divided by a comma, a semicolon, a tab or |; leave out the line that says otherwise',
      );
    blankRow = new RegExp(`^[\\s${separator}]*$`);
    if (declared === undefined) return start;
    line += 1;
    return start + first.length;
  };

  const plainRow = (text: string, start: number, end: number): readonly string[] => {
    if (end - start > LONGEST_ROW) stop('line-too-long', `A row has at most ${LONGEST_ROW} characters`);
    const row = text.slice(start, end);
    if (header.length === 0) return row.split(separator);
    // One cell too many is enough to refuse a row, unless all of it is blank; a line may have ten thousand.
    const cells = row.split(separator, header.length + 1);
    return cells.length <= header.length || !isBlank(cells) || blankRow.test(row) ? cells : [...cells, row];
  };

  /** A row with a quote in it; null where it goes on in the next piece. */
  const quotedRow = (text: string, start: number): { cells: readonly string[]; end: number } | null => {
    const row = readQuotedRow(text, start, separator);
    if (row.is === 'row') return row;
    if (row.is !== 'open') return stop(...details[row.is], row.column);
    [rest, openColumn] = [text.slice(start), row.column];
    return null;
  };

  const rowsOf = (piece: string): ParsedRow[] => {
    const text = rest + piece;
    const rows: ParsedRow[] = [];
    rest = '';
    let at = separator === '' ? begin(text) : 0;
    for (let quote = text.indexOf('"', at); at < text.length; ) {
      const lineFeed = text.indexOf('\n', at);
      const lineEnd = lineFeed < 0 ? text.length : lineFeed;
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      const hasQuote = quote >= 0 && quote < lineEnd;
      const row = hasQuote ? quotedRow(text, at) : { cells: plainRow(text, at, lineEnd), end: lineEnd };
      if (row === null) break;
      if (!isBlank(row.cells)) rows.push({ line, cells: row.cells });
      if (header.length === 0) header = rows[0]?.cells ?? [];
      line += hasQuote ? 1 + lineFeedsIn(text, at, row.end) : 1;
      at = row.end + 1;
    }
    return rows;
  };

  const end = (): void => {
    if (rest !== '') stop(...details.open, openColumn);
  };
  return { rowsOf, end };
}
