import type { CopyRow, CopyValue } from '@bijli/postgres';
import { type BlindIndexKey, blindIndex, type SealKeys, sealMobileNumber } from '@bijli/units';
import type { CsvRow } from '../csv/read-rows.ts';
import { cellProblem, connectionColumns, type MobileCell, readMobileCell } from '../domain/connection-row.ts';

/** What numbers are sealed and indexed with. */
export type NumberKeys = { readonly sealKeys: SealKeys; readonly blindIndexKey: BlindIndexKey };

const MOBILE_AT = connectionColumns.indexOf('mobile');
const textColumns = connectionColumns.filter((column) => column !== 'mobile');

/** The columns that `stagedConnection` fills, in its order. */
export const stagedConnectionColumns = [
  'line',
  ...textColumns,
  'number_state',
  'number_rule',
  'number_shape',
  'sealed_number',
  'blind_index',
  'refused_field',
  'refused_rule',
  'refused_value',
] as const;

const pushNumber = (row: CopyValue[], cell: MobileCell, keys: NumberKeys): void => {
  if (cell.state === 'absent') {
    row.push('absent', null, null, null, null);
  } else if (cell.state === 'malformed') {
    row.push('malformed', cell.rule, cell.shape, null, null);
  } else {
    const { block } = sealMobileNumber(keys.sealKeys, cell.number);
    row.push('collected', null, null, block, blindIndex(keys.blindIndexKey, cell.number));
  }
};

/** A row whose cells may not even be stored: only its line and the reason go on. */
const refused = (line: number, field: string, rule: string): CopyRow => [
  line,
  ...textColumns.map(() => ''),
  ...['absent', null, null, null, null],
  ...[field, rule, ''],
];

/**
 * This function will turn one row of a connection file into a row of the staging table. The mobile number leaves here
 * sealed, before anything of the row is sent to PostgreSQL; a malformed one leaves as its shape. Called half a million
 * times in a row, it makes one array and little else.
 */
export const stagedConnection = ({ line, cells }: CsvRow, keys: NumberKeys): CopyRow => {
  if (cells === null) return refused(line, '', 'column-count');
  const row: CopyValue[] = [line];
  for (let at = 0; at < cells.length; at += 1) {
    if (at === MOBILE_AT) continue;
    const [column, cell] = [connectionColumns[at] as string, cells[at] as string];
    const rule = cellProblem(column, cell);
    if (rule !== undefined) return refused(line, column, rule);
    row.push(cell);
  }
  pushNumber(row, readMobileCell(cells[MOBILE_AT] ?? ''), keys);
  row.push(null, null, null);
  return row;
};
