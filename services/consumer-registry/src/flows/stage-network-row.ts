import type { CopyRow, CopyValue } from '@bijli/postgres';
import type { CsvRow } from '../csv/read-rows.ts';
import { networkColumns } from '../domain/connection-row.ts';
import { pushCells, stagedColumns, WRONG_WIDTH } from './stage-row.ts';

/** The columns that `stagedNode` fills, in its order. */
export const stagedNodeColumns = ['line', ...networkColumns, 'cell_faults'] as const;

const columns = stagedColumns(networkColumns);

/** Turns one row of a network file into a row of the staging table. */
export function stagedNode({ line, cells }: CsvRow): CopyRow {
  if (cells === null) return [line, ...networkColumns.map(() => ''), WRONG_WIDTH];
  const row: CopyValue[] = [line];
  const faults = pushCells(row, columns, cells);
  row.push(faults);
  return row;
}
