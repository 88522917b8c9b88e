import { query, type Transaction } from '@bijli/postgres';
import type { ImportKind, ImportReport } from '../domain/import-report.ts';

/** Records an import with its counts, before its refused rows. */
export async function saveImportRun(
  tx: Transaction,
  run: Omit<ImportReport, 'firstRefused'> & { readonly kind: ImportKind },
): Promise<void> {
  await query(
    tx,
    `insert into import_run (id, kind, is_dry_run, started_at, finished_at, counts) values (:importId, :kind, :isDryRun, :startedAt, :finishedAt, :counts::jsonb)`,
    {
      importId: run.importId,
      kind: run.kind,
      isDryRun: run.isDryRun,
      startedAt: run.startedAt,
      finishedAt: run.finishedAt,
      counts: JSON.stringify(run.counts),
    },
  );
}

/** Records what is wrong with the refused rows of the running import, the values masked. */
export async function saveRefusedRows(tx: Transaction, importId: string): Promise<void> {
  await query(
    tx,
    `insert into refused_row (import_id, line, severity, field, rule, masked_value)
     select :importId, line, 'refused', field, rule, masked_cell(value) from import_fault`,
    { importId },
  );
}
