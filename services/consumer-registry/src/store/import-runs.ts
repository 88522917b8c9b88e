import { type Database, query, type Transaction } from '@bijli/postgres';
import {
  FIRST_REFUSED,
  type ImportCounts,
  type ImportKind,
  type ImportReport,
  type RefusedRow,
} from '../domain/import-report.ts';

type RunRow = { id: string; is_dry_run: boolean; started_at: Date; finished_at: Date; counts: ImportCounts };
type RefusedDetail = {
  line: number;
  severity: 'refused' | 'warning';
  field: string;
  rule: string;
  masked_value: string;
};

/** A refused row, or a warning about one that was taken. */
export type ListedRow = RefusedRow & { readonly severity: 'refused' | 'warning' };

const listed = ({ line, severity, field, rule, masked_value }: RefusedDetail): ListedRow => ({
  line,
  severity,
  field,
  rule,
  value: masked_value,
});

/** This function will list refused rows and warnings of an import in the order of the file, after a place in it. */
export const listRefusedRows = async (
  db: Database,
  importId: string,
  { after, limit }: { after: number; limit: number },
): Promise<ListedRow[]> => {
  const rows = await query<RefusedDetail>(
    db,
    `select line, severity, field, rule, masked_value from refused_row
      where import_id = ? and line > ? order by line, severity, field limit ?`,
    [importId, after, limit],
  );
  return rows.map(listed);
};

/** This function will find an import of a kind, with the first of its refused rows. */
export const findImportRun = async (
  on: Database | Transaction,
  importId: string,
  kind: ImportKind,
): Promise<ImportReport | undefined> => {
  const [run] = await query<RunRow>(
    on,
    'select id, is_dry_run, started_at, finished_at, counts from import_run where id = ? and kind = ?',
    [importId, kind],
  );
  if (run === undefined) return undefined;
  const rows = await query<RefusedDetail>(
    on,
    `select line, severity, field, rule, masked_value from refused_row
      where import_id = ? and severity = 'refused' order by line limit ?`,
    [importId, FIRST_REFUSED],
  );
  return {
    importId: run.id,
    isDryRun: run.is_dry_run,
    startedAt: run.started_at,
    finishedAt: run.finished_at,
    counts: run.counts,
    firstRefused: rows.map(({ line, field, rule, masked_value: value }) => ({ line, field, rule, value })),
  };
};
