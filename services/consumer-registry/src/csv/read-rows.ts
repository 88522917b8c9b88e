import { checkHeader } from '../domain/check-header.ts';
import type { FileProblem } from '../domain/import-report.ts';
import { type ProblemHolder, problemHolder } from './file-problem.ts';
import { type ParsedRow, parseLines } from './parse-lines.ts';

/** One row of a file: its cells in the order of the wanted columns, or null where their number is not the header's. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] | null };

/** A file being read, piece by piece. When `pieces` throws, `problems` tells what is wrong; nothing there means that the upload broke off. */
export type CsvFile = { readonly pieces: AsyncIterable<readonly CsvRow[]>; problems(): readonly FileProblem[] };

const MAX_LINES = 2_000_000;

const isEmptyLine = (cells: readonly string[]): boolean => cells.length === 1 && cells[0]?.trim() === '';

const placesIn = (header: readonly string[], columns: readonly string[], holder: ProblemHolder): readonly number[] => {
  const checked = checkHeader(header, columns);
  return checked.ok ? checked.places : holder.stop(checked.problems);
};

const checkCount = (line: number, holder: ProblemHolder): void => {
  if (line <= MAX_LINES) return;
  holder.stop([{ line, field: '', rule: 'too-many-rows', detail: `A file has at most ${MAX_LINES} lines` }]);
};

const cellsAt = (cells: readonly string[], places: readonly number[]): string[] =>
  places.map((place) => (cells[place] ?? '').trim());

async function* wantedCells(
  parsed: AsyncIterable<readonly ParsedRow[]>,
  columns: readonly string[],
  holder: ProblemHolder,
): AsyncGenerator<CsvRow[]> {
  let header: { readonly places: readonly number[]; readonly width: number } | undefined;
  for await (const piece of parsed) {
    const rows: CsvRow[] = [];
    for (const { line, cells } of piece) {
      if (isEmptyLine(cells)) continue;
      checkCount(line, holder);
      if (header === undefined) header = { places: placesIn(cells, columns, holder), width: cells.length };
      else rows.push({ line, cells: cells.length === header.width ? cellsAt(cells, header.places) : null });
    }
    yield rows;
  }
  if (header === undefined) placesIn([], columns, holder);
}

/**
 * This function will read a CSV file piece by piece, at the pace of whoever takes the rows. The order of the columns is
 * free, empty lines are skipped. Structural mistakes end the reading: every row after a lost quote would be a guess.
 */
export const readRows = (source: AsyncIterable<Buffer>, columns: readonly string[]): CsvFile => {
  const holder = problemHolder();
  return { pieces: wantedCells(parseLines(source, holder), columns, holder), problems: holder.found };
};
