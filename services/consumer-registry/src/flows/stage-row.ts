import type { CopyValue } from '@bijli/postgres';
import { cellProblem, cleanerOf } from '../domain/connection-row.ts';

/** Columns of a file with what cleans each; made once, since rows come half a million at a time. */
export type StagedColumns = readonly { readonly name: string; readonly clean: ((cell: string) => string) | null }[];

/** Looks up what cleans each column. */
export function stagedColumns(names: readonly string[]): StagedColumns {
  return names.map((name) => ({ name, clean: cleanerOf(name) }));
}

/** What stands for a row that has more or fewer cells than the header: none of its cells can be judged. */
export const WRONG_WIDTH = ' column-count';

/**
 * Puts the cells of some columns into a row for COPY, cleaned, an empty text for one that may not even be stored. Gives what is wrong with those
 * as the staging tables keep it: `column rule`, several between `;`, null for nothing.
 */
export function pushCells(row: CopyValue[], columns: StagedColumns, cells: readonly string[]): string | null {
  let faults: string | null = null;
  for (let at = 0; at < columns.length; at += 1) {
    const { name, clean } = columns[at] as StagedColumns[number];
    const cell = clean === null ? (cells[at] as string) : clean(cells[at] as string);
    const rule = cellProblem(name, cell);
    row.push(rule === null ? cell : '');
    if (rule !== null) faults = `${faults === null ? '' : `${faults};`}${name} ${rule}`;
  }
  return faults;
}
