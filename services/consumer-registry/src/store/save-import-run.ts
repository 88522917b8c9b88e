import { query, type Transaction } from '@bijli/postgres';
import type { ImportKind, ImportReport } from '../domain/import-report.ts';

/** This function will record an import with its counts, before its refused rows. */
export const saveImportRun = async (
  tx: Transaction,
  run: Omit<ImportReport, 'firstRefused'> & { readonly kind: ImportKind },
): Promise<void> => {
  await query(
    tx,
    `insert into import_run (id, kind, is_dry_run, started_at, finished_at, counts) values (?, ?, ?, ?, ?, ?::jsonb)`,
    [run.importId, run.kind, run.isDryRun, run.startedAt, run.finishedAt, JSON.stringify(run.counts)],
  );
};

/** This function will record the refused rows of a staging table, their values masked. */
export const saveRefusedRows = async (tx: Transaction, table: string, importId: string): Promise<void> => {
  await query(
    tx,
    `insert into refused_row (import_id, line, severity, field, rule, masked_value)
     select ?, line, 'refused', refused_field, refused_rule, masked_cell(refused_value)
       from ${table} where refused_rule is not null`,
    [importId],
  );
};
