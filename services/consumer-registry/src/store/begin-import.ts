import { type Database, query, type Transaction } from '@bijli/postgres';

/** Every replica must take the same. Imports of both kinds share it: they share the tables in which rows are validated. */
const IMPORT_LOCK = 7_204_201;
/** Half a million rows on a busy machine. */
const LONGEST_STATEMENT = '15min';
/** Joins and sorts of half a million rows stay in memory; one import runs at a time. */
const WORK_MEMORY = '64MB';

/** Tells whether an import has the import tables at this moment, here or in another replica. */
export async function isImportRunning(db: Database): Promise<boolean> {
  const [lock] = await query<{ is_taken: boolean }>(
    db,
    `select exists (
       select from pg_locks join pg_database on pg_database.oid = pg_locks.database
        where datname = current_database() and locktype = 'advisory' and classid = 0 and objid = :importLock and objsubid = 1
     ) as is_taken`,
    { importLock: IMPORT_LOCK },
  );
  return lock?.is_taken === true;
}

/**
 * Takes the import tables for this transaction and empties them; false when another import has them. They are free again when the transaction
 * ends, however it ends.
 */
export async function beginImport(tx: Transaction): Promise<boolean> {
  const [lock] = await query<{ taken: boolean }>(tx, 'select pg_try_advisory_xact_lock(:importLock) as taken', {
    importLock: IMPORT_LOCK,
  });
  if (lock?.taken !== true) return false;
  await query(tx, `set local statement_timeout = '${LONGEST_STATEMENT}'`);
  await query(tx, `set local work_mem = '${WORK_MEMORY}'`);
  await clearImport(tx);
  return true;
}

/** Empties the import tables: what was in a file stays nowhere but where it was accepted. */
export async function clearImport(tx: Transaction): Promise<void> {
  await query(tx, 'select clear_import()');
}

/** Tells the planner what was staged, which it would otherwise guess. */
export async function analyzeImport(tx: Transaction): Promise<void> {
  await query(tx, 'select analyze_import()');
}

/** Keeps everybody else from writing connections until the transaction ends. */
export async function lockConnections(tx: Transaction): Promise<void> {
  // A number changed between our judgement and our writing would be overwritten: who changes one waits for us.
  await query(tx, 'lock table connection in share row exclusive mode');
}
