import { type CopyRow, copyIn, type Database, type Transaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { checkedLines } from '../csv/checked-lines.ts';
import { type ProblemHolder, problemHolder } from '../csv/file-problem.ts';
import { type HeldFile, holdFile, type UploadMemory } from '../csv/hold-file.ts';
import { type CsvRow, readRows } from '../csv/read-rows.ts';
import { wellFormed } from '../csv/well-formed.ts';
import type { FileProblem, ImportCounts, ImportKind, ImportReport } from '../domain/import-report.ts';
import { analyzeImport, beginImport, clearImport, isImportRunning } from '../store/begin-import.ts';
import { findImportRun } from '../store/import-runs.ts';
import { saveImportRun, saveRefusedRows } from '../store/save-import-run.ts';

/** How an import ended: committed with its report, or not begun, or refused as a whole with nothing written. */
export type ImportOutcome =
  | { readonly code: 'imported'; readonly report: ImportReport }
  | { readonly code: 'import-running' }
  | { readonly code: 'no-room' }
  | { readonly code: 'invalid-file'; readonly problems: readonly FileProblem[] };

/** One import while it runs. */
export type Run = { readonly importId: string; readonly startedAt: Date; readonly isDryRun: boolean };

/** What is imported: which cells of a file are wanted, how they are staged, what becomes of the rows, and what is worth a warning. */
export type FileImport = {
  readonly db: Database;
  readonly clock: () => Date;
  readonly memory: UploadMemory;
  readonly kind: ImportKind;
  readonly isDryRun: boolean;
  readonly cells: readonly string[];
  readonly table: string;
  readonly columns: readonly string[];
  stage(row: CsvRow): CopyRow;
  /** Validates and saves the staged rows and tells of them, inside `tx`; of a dry run it only validates. */
  apply(tx: Transaction, run: Run): Promise<ImportCounts>;
  warn?(tx: Transaction, importId: string): Promise<void>;
};

async function* staged(pieces: AsyncIterable<readonly CsvRow[]>, stage: FileImport['stage']) {
  for await (const rows of pieces) yield rows.map(stage);
}

async function record(tx: Transaction, given: FileImport, run: Run, counts: ImportCounts): Promise<ImportReport> {
  const { kind, clock } = given;
  await saveImportRun(tx, { ...run, kind, finishedAt: clock(), counts });
  await saveRefusedRows(tx, run.importId);
  await given.warn?.(tx, run.importId);
  await clearImport(tx);
  const report = await findImportRun(tx, run.importId, kind);
  if (report === null) throw new Error('an import vanished while it was recorded');
  return report;
}

async function work(
  tx: Transaction,
  given: FileImport,
  pieces: AsyncIterable<readonly CsvRow[]>,
): Promise<ImportOutcome> {
  if (!(await beginImport(tx))) return { code: 'import-running' };
  const run = { importId: newId(), startedAt: given.clock(), isDryRun: given.isDryRun };
  await copyIn(tx, given.table, given.columns, staged(pieces, given.stage));
  await analyzeImport(tx);
  const counts = await given.apply(tx, run);
  return { code: 'imported', report: await record(tx, given, run, counts) };
}

const takeIn = (given: FileImport, source: AsyncIterable<Buffer>, holder: ProblemHolder): Promise<HeldFile | null> =>
  holdFile(wellFormed(checkedLines(source, holder), given.cells, holder), given.memory, holder);

async function importHeld(given: FileImport, source: AsyncIterable<Buffer>, holder: ProblemHolder) {
  const file = await takeIn(given, source, holder);
  if (file === null) return { code: 'no-room' } as const;
  try {
    return await given.db.transaction((tx) => work(tx, given, readRows(file.pieces(), given.cells, holder)));
  } finally {
    file.release();
  }
}

/**
 * Imports a file: first takes it in as a whole, so that no import waits for a slow sender, then works in one transaction: all of it or, when the
 * upload breaks off or the file is none, nothing. Of two at once the later is not begun; one that comes while another works is not even read.
 */
export async function importFile(given: FileImport, source: AsyncIterable<Buffer>): Promise<ImportOutcome> {
  if (await isImportRunning(given.db)) return { code: 'import-running' };
  const holder = problemHolder();
  try {
    return await importHeld(given, source, holder);
  } catch (error) {
    const problems = holder.found();
    if (problems.length === 0) throw error;
    return { code: 'invalid-file', problems };
  }
}
