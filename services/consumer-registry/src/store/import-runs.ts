import { type Database, query, type Transaction } from '@bijli/postgres';
import {
  FIRST_REFUSED,
  type ImportCounts,
  type ImportKind,
  type ImportReport,
  type RefusedRow,
} from '../domain/import-report.ts';

type RunRow = {
  readonly id: string;
  readonly is_dry_run: boolean;
  readonly started_at: Date;
  readonly finished_at: Date;
  readonly counts: ImportCounts;
};
type RefusedDetail = {
  readonly line: number;
  readonly severity: 'refused' | 'warning';
  readonly field: string;
  readonly rule: string;
  readonly masked_value: string;
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

/**
 * Lists what is wrong with the rows of an import in the order of the file, after a line. All of a line come together, so there may be more than
 * `limit`.
 */
export async function listRefusedRows(
  db: Database,
  importId: string,
  { after, limit }: { after: number; limit: number },
): Promise<ListedRow[]> {
  const rows = await query<RefusedDetail>(
    db,
    `select * from (
       select line, severity, field, rule, masked_value from refused_row
        where import_id = :importId and line > :after order by line fetch first :limit rows with ties) listed
      order by line, severity, field, rule`,
    { importId, after, limit },
  );
  return rows.map(listed);
}

/** Finds an import of a kind, with the first of what is wrong with its refused rows; null where there is none. */
export async function findImportRun(
  on: Database | Transaction,
  importId: string,
  kind: ImportKind,
): Promise<ImportReport | null> {
  const [run] = await query<RunRow>(
    on,
    'select id, is_dry_run, started_at, finished_at, counts from import_run where id = :importId and kind = :kind',
    { importId, kind },
  );
  if (run === undefined) return null;
  const rows = await query<RefusedDetail>(
    on,
    `select line, severity, field, rule, masked_value from refused_row
      where import_id = :importId and severity = 'refused' order by line, field limit :firstRefused`,
    { importId, firstRefused: FIRST_REFUSED },
  );
  return {
    importId: run.id,
    isDryRun: run.is_dry_run,
    startedAt: run.started_at,
    finishedAt: run.finished_at,
    counts: run.counts,
    firstRefused: rows.map(({ line, field, rule, masked_value: value }) => ({ line, field, rule, value })),
  };
}
