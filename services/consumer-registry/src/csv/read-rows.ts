import { checkHeader } from '../domain/check-header.ts';
import type { ProblemHolder } from './file-problem.ts';
import { openLineParser, type ParsedRow } from './parse-lines.ts';

/** One row of a file: its cells in the order of the wanted columns, or null where their number is not the header's. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] | null };

/** Rows of another width than the header's; with more of them it is the file that is wrong. */
const MOST_OF_ANOTHER_WIDTH = 50_000;

type Header = { readonly places: readonly number[]; readonly width: number };

const cellsAt = (cells: readonly string[], places: readonly number[]): string[] =>
  places.map((place) => (cells[place] ?? '').trim());

function readHeader({ line, cells }: ParsedRow, columns: readonly string[], holder: ProblemHolder): Header {
  const checked = checkHeader(cells, columns, line);
  return { places: checked.ok ? checked.places : holder.stop(checked.problems), width: cells.length };
}

/** Turns pieces of a file into its rows, one after the other. */
export type RowReader = { rowsOf(octets: Buffer): readonly CsvRow[]; end(): void };

/** Opens a reader of the wanted columns, which may stand in any order. The octets come in whole lines and are UTF-8. */
export function openRowReader(columns: readonly string[], holder: ProblemHolder): RowReader {
  const parser = openLineParser(holder);
  let header: Header | null = null;
  let ofAnotherWidth = 0;
  const countWidth = (line: number): null => {
    ofAnotherWidth += 1;
    const detail = `More than ${MOST_OF_ANOTHER_WIDTH} rows have more or fewer cells than the header`;
    if (ofAnotherWidth > MOST_OF_ANOTHER_WIDTH) holder.stop([{ line, field: '', rule: 'column-count', detail }]);
    return null;
  };
  return {
    rowsOf: (octets) => {
      const rows: CsvRow[] = [];
      for (const row of parser.rowsOf(octets.toString('utf8'))) {
        const { line, cells } = row;
        if (header === null) header = readHeader(row, columns, holder);
        else
          rows.push({ line, cells: cells.length === header.width ? cellsAt(cells, header.places) : countWidth(line) });
      }
      return rows;
    },
    end: () => {
      parser.end();
      if (header === null) readHeader({ line: 1, cells: [] }, columns, holder);
    },
  };
}

/**
 * Reads a CSV file piece by piece, at the pace at which its rows are taken. Structural mistakes end the reading: every row after a lost quote would
 * be a guess.
 */
export async function* readRows(
  pieces: AsyncIterable<Buffer>,
  columns: readonly string[],
  holder: ProblemHolder,
): AsyncGenerator<readonly CsvRow[]> {
  const reader = openRowReader(columns, holder);
  for await (const octets of pieces) yield reader.rowsOf(octets);
  reader.end();
}
