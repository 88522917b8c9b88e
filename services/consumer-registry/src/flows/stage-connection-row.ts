import type { CopyRow } from '@bijli/postgres';
import { type BlindIndexKey, blindIndex, type SealKeys, sealMobileNumber } from '@bijli/units';
import type { CsvRow } from '../csv/read-rows.ts';
import { cellProblem, connectionColumns, type MobileCell, readMobileCell } from '../domain/connection-row.ts';

/** What numbers are sealed and indexed with. */
export type NumberKeys = { readonly sealKeys: SealKeys; readonly blindIndexKey: BlindIndexKey };

/** The columns that `stagedConnection` fills, in its order. */
export const stagedConnectionColumns = [
  'line',
  ...connectionColumns.filter((column) => column !== 'mobile'),
  'number_state',
  'number_rule',
  'number_shape',
  'sealed_number',
  'blind_index',
  'refused_field',
  'refused_rule',
  'refused_value',
] as const;

const MOBILE_AT = connectionColumns.indexOf('mobile');
const TEXT_COLUMNS = connectionColumns.length - 1;

const numberValues = (cell: MobileCell, keys: NumberKeys): CopyRow => {
  if (cell.state === 'absent') return ['absent', null, null, null, null];
  if (cell.state === 'malformed') return ['malformed', cell.rule, cell.shape, null, null];
  const { block } = sealMobileNumber(keys.sealKeys, cell.number);
  return ['collected', null, null, block, blindIndex(keys.blindIndexKey, cell.number)];
};

/** A row whose cells may not even be stored: only its line and the reason go on. */
const refused = (line: number, field: string, rule: string): CopyRow => [
  line,
  ...Array.from({ length: TEXT_COLUMNS }, () => ''),
  ...['absent', null, null, null, null],
  ...[field, rule, ''],
];

/**
 * This function will turn one row of a connection file into a row of the staging table. The mobile number leaves here
 * sealed, before anything of the row is sent to PostgreSQL; a malformed one leaves as its shape.
 */
export const stagedConnection = ({ line, cells }: CsvRow, keys: NumberKeys): CopyRow => {
  if (cells === null) return refused(line, '', 'column-count');
  const texts = cells.toSpliced(MOBILE_AT, 1);
  const columns = connectionColumns.toSpliced(MOBILE_AT, 1);
  const bad = texts.findIndex((cell, index) => cellProblem(columns[index] ?? '', cell) !== undefined);
  if (bad >= 0) return refused(line, columns[bad] ?? '', cellProblem(columns[bad] ?? '', texts[bad] ?? '') ?? '');
  return [line, ...texts, ...numberValues(readMobileCell(cells[MOBILE_AT] ?? ''), keys), null, null, null];
};
