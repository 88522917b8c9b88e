import type { CopyRow, CopyValue } from '@bijli/postgres';
import { type BlindIndexKey, blindIndex, type SealKeys, sealMobileNumber } from '@bijli/units';
import type { CsvRow } from '../csv/read-rows.ts';
import { connectionColumns, type MobileCell, readMobileCell } from '../domain/connection-row.ts';
import { pushCells, stagedColumns, WRONG_WIDTH } from './stage-row.ts';

/** What numbers are sealed and indexed with. */
export type NumberKeys = { readonly sealKeys: SealKeys; readonly blindIndexKey: BlindIndexKey };

const textColumns = connectionColumns.filter((column) => column !== 'mobile');

/** The columns of a file in the order in which `stagedConnection` wants its cells: the mobile number is the last. */
export const stagedConnectionCells = [...textColumns, 'mobile'] as const;

/** The columns that `stagedConnection` fills, in its order. */
export const stagedConnectionColumns = [
  'line',
  ...textColumns,
  'cell_faults',
  'number_state',
  'number_rule',
  'number_shape',
  'sealed_number',
  'blind_index',
] as const;

const columns = stagedColumns(textColumns);

function pushNumber(row: CopyValue[], cell: MobileCell, keys: NumberKeys): void {
  if (cell.state === 'absent') {
    row.push('absent', null, null, null, null);
  } else if (cell.state === 'malformed') {
    row.push('malformed', cell.rule, cell.shape, null, null);
  } else {
    const { block } = sealMobileNumber(keys.sealKeys, cell.number);
    const rule = cell.secondShape === null ? null : 'second-number';
    row.push('collected', rule, cell.secondShape, block, blindIndex(keys.blindIndexKey, cell.number));
  }
}

/**
 * Turns one row of a connection file into a row of the staging table. The mobile number leaves here sealed, before anything of the row is sent
 * to PostgreSQL; a malformed one leaves as its shape. Called half a million times in a row, it makes one array and little else.
 */
export function stagedConnection({ line, cells }: CsvRow, keys: NumberKeys): CopyRow {
  if (cells === null) return [line, ...textColumns.map(() => ''), WRONG_WIDTH, 'absent', null, null, null, null];
  const row: CopyValue[] = [line];
  const faults = pushCells(row, columns, cells);
  row.push(faults);
  pushNumber(row, readMobileCell(cells[textColumns.length] ?? ''), keys);
  return row;
}
