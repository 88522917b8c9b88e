import type { Readable } from 'node:stream';
import { type CopyRow, copyIn, type Database, type Transaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import type { CsvFile } from '../csv/read-rows.ts';
import type { FileProblem, ImportCounts, ImportKind, ImportReport } from '../domain/import-report.ts';
import { analyzeImport, beginImport, clearImport } from '../store/begin-import.ts';
import { findImportRun } from '../store/import-runs.ts';
import { saveImportRun, saveRefusedRows } from '../store/save-import-run.ts';

/** How an import ended: committed with its report, or not begun, or refused as a whole with nothing written. */
export type ImportOutcome =
  | { readonly code: 'imported'; readonly report: ImportReport }
  | { readonly code: 'import-running' }
  | { readonly code: 'invalid-file'; readonly problems: readonly FileProblem[] };

/** One import while it runs. */
export type Run = { readonly importId: string; readonly startedAt: Date; readonly isDryRun: boolean };

/** What is imported: how its rows are staged, what becomes of them, and what is worth a warning. */
export type FileImport = {
  readonly db: Database;
  readonly clock: () => Date;
  readonly kind: ImportKind;
  readonly isDryRun: boolean;
  readonly file: CsvFile;
  readonly table: string;
  readonly columns: readonly string[];
  readonly pieces: AsyncIterable<readonly CopyRow[]>;
  /** Validates and saves the staged rows and tells of them, inside `tx`; of a dry run it only validates. */
  apply(tx: Transaction, run: Run): Promise<ImportCounts>;
  warn?(tx: Transaction, importId: string): Promise<void>;
};

/** This function will give the octets of a request; giving up on them leaves the connection open for the answer. */
export const octetsOf = (request: Readable): AsyncIterable<Buffer> =>
  request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;

const record = async (tx: Transaction, given: FileImport, run: Run, counts: ImportCounts): Promise<ImportReport> => {
  const { kind, table, clock } = given;
  await saveImportRun(tx, { ...run, kind, finishedAt: clock(), counts });
  await saveRefusedRows(tx, table, run.importId);
  await given.warn?.(tx, run.importId);
  await clearImport(tx);
  const report = await findImportRun(tx, run.importId, kind);
  if (report === undefined) throw new Error('an import vanished while it was recorded');
  return report;
};

const work = async (tx: Transaction, given: FileImport): Promise<ImportOutcome> => {
  if (!(await beginImport(tx))) return { code: 'import-running' };
  const run = { importId: newId(), startedAt: given.clock(), isDryRun: given.isDryRun };
  await copyIn(tx, given.table, given.columns, given.pieces);
  await analyzeImport(tx);
  const counts = await given.apply(tx, run);
  return { code: 'imported', report: await record(tx, given, run, counts) };
};

/**
 * This function will import a file in one transaction: all of it or, when the upload breaks off or the file is none,
 * nothing. Not repeated after a serialization failure, since a stream is read once.
 */
export const importFile = async (given: FileImport): Promise<ImportOutcome> => {
  try {
    return await given.db.transaction((tx) => work(tx, given));
  } catch (error) {
    const problems = given.file.problems();
    if (problems.length === 0) throw error;
    return { code: 'invalid-file', problems };
  }
};
