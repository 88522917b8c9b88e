import { once } from 'node:events';
import { promisify } from 'node:util';
import { type CsvError, type CsvErrorCode, type Options, parse } from 'csv-parse';
import { checkedLines } from './checked-lines.ts';
import type { ProblemHolder } from './file-problem.ts';

/** The cells of one row with the line that it begins on, from 1. */
export type ParsedRow = { readonly line: number; readonly cells: readonly string[] };

/** Octets of the longest row; what is longer is a quote that nobody closed. */
const LONGEST_ROW = 16_384;

const details: { readonly [code in CsvErrorCode]?: readonly [rule: string, detail: string] } = {
  CSV_QUOTE_NOT_CLOSED: ['unclosed-quote', 'A quote is opened here and never closed'],
  CSV_MAX_RECORD_SIZE: ['unclosed-quote', `A row has at most ${LONGEST_ROW} octets; a quote may be left open`],
  INVALID_OPENING_QUOTE: ['misplaced-quote', 'A quote stands inside a cell; quote the whole cell and double it'],
  CSV_INVALID_CLOSING_QUOTE: ['misplaced-quote', 'Something follows a closing quote'],
};

const isCsvError = (error: unknown): error is CsvError =>
  error instanceof Error && 'code' in error && String(error.code) in details;

const lineFeedsIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => (cell.includes('\n') ? sum + cell.split('\n').length - 1 : sum), 0);

/**
 * This function will parse octets as CSV (RFC 4180), tolerating a BOM, CRLF and mixed line ends; it gives the rows of
 * each piece of octets together, since to wait for each alone costs as much as to parse it. What is no CSV stops it
 * with the line on which the row begins and the column: the parser's own message would repeat the cell.
 */
export async function* parseLines(source: AsyncIterable<Buffer>, holder: ProblemHolder): AsyncGenerator<ParsedRow[]> {
  let nextLine = 1;
  let header: readonly string[] = [];
  let rows: ParsedRow[] = [];
  /** Keeps a row for us, and so away from the parser's own queue. */
  const keep = (cells: string[]): null => {
    if (nextLine === 1) header = cells;
    rows.push({ line: nextLine, cells });
    nextLine += 1 + lineFeedsIn(cells);
    return null;
  };
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: LONGEST_ROW,
    // Its types do not know that a record is an array here.
    on_record: keep as unknown as NonNullable<Options['on_record']>,
  });
  parser.on('error', () => undefined); // whoever writes hears of it
  const write = promisify<Buffer, void>((octets, done) => parser.write(octets, done));
  try {
    for await (const octets of checkedLines(source, holder)) {
      await write(octets);
      yield rows;
      rows = [];
    }
    await once(parser.end(), 'finish');
    yield rows;
  } catch (error) {
    if (!isCsvError(error)) throw error;
    const [rule, detail] = details[error.code] ?? ['csv', 'The line is not CSV (RFC 4180)'];
    const column = typeof error['column'] === 'number' ? header[error['column']] : undefined;
    holder.stop([{ line: nextLine, field: column ?? '', rule, detail }]);
  }
}
