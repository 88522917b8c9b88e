import type { CopyRow } from '@bijli/postgres';
import type { CsvRow } from '../csv/read-rows.ts';
import { cellProblem, networkColumns } from '../domain/connection-row.ts';

/** The columns that `stagedNode` fills, in its order. */
export const stagedNodeColumns = ['line', ...networkColumns, 'refused_field', 'refused_rule', 'refused_value'] as const;

const refused = (line: number, field: string, rule: string): CopyRow => [
  line,
  ...networkColumns.map(() => ''),
  ...[field, rule, ''],
];

/** This function will turn one row of a network file into a row of the staging table. */
export const stagedNode = ({ line, cells }: CsvRow): CopyRow => {
  if (cells === null) return refused(line, '', 'column-count');
  for (const [index, column] of networkColumns.entries()) {
    const rule = cellProblem(column, cells[index] ?? '');
    if (rule !== undefined) return refused(line, column, rule);
  }
  return [line, ...cells, null, null, null];
};
