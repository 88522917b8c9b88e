import { query, type Transaction } from '@bijli/postgres';

/** Every replica must take the same. Imports of both kinds share it: they share the tables in which rows are validated. */
const IMPORT_LOCK = 7_204_201;
/** An upload over a slow line takes minutes, and COPY as long as the upload. */
const LONGEST_STATEMENT = '15min';
/** Joins and sorts of half a million rows stay in memory; one import runs at a time. */
const WORK_MEMORY = '64MB';

/**
 * This function will take the import tables for this transaction and empty them; false when another import has them.
 * They are free again when the transaction ends, however it ends.
 */
export const beginImport = async (tx: Transaction): Promise<boolean> => {
  const [lock] = await query<{ taken: boolean }>(tx, 'select pg_try_advisory_xact_lock(?) as taken', [IMPORT_LOCK]);
  if (lock?.taken !== true) return false;
  await query(tx, `set local statement_timeout = '${LONGEST_STATEMENT}'`);
  await query(tx, `set local work_mem = '${WORK_MEMORY}'`);
  await clearImport(tx);
  return true;
};

/** This function will empty the import tables: what was in a file stays nowhere but where it was accepted. */
export const clearImport = async (tx: Transaction): Promise<void> => {
  await query(tx, 'select clear_import()');
};

/** This function will tell the planner what was staged, which it would otherwise guess. */
export const analyzeImport = async (tx: Transaction): Promise<void> => {
  await query(tx, 'select analyze_import()');
};

/** This function will keep everybody else from writing connections until the transaction ends. */
export const lockConnections = async (tx: Transaction): Promise<void> => {
  // A number changed between our judgement and our writing would be overwritten: who changes one waits for us.
  await query(tx, 'lock table connection in share row exclusive mode');
};
