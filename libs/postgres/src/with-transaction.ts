import type { Database, Transaction } from './open-database.ts';
import { isPostgresError } from './postgres-errors.ts';

/** A deadlock or serialization failure that comes back three times is no accident. */
const MAX_ATTEMPTS = 3;

/**
 * Runs `work` in one transaction and commits when it resolves, rolls back when it rejects. When PostgreSQL chose the transaction as the
 * victim of a deadlock or serialization failure, `work` runs again from its start, three times at most: it must do nothing outside `tx`.
 */
export async function withTransaction<T>(database: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !mayWorkNextTime(error)) throw error;
    }
  }
}

/** What comes of work in a transaction, and whether the transaction is kept. */
export type Attempt<T> = { readonly keep: boolean; readonly value: T };

/** Runs `work` like `withTransaction`, but rolls back also where it resolves with `keep: false`; resolves with its value either way. */
export async function tryTransaction<T>(
  database: Database,
  work: (tx: Transaction) => Promise<Attempt<T>>,
): Promise<T> {
  let attempt: Attempt<T> | undefined;
  const rolledBack = new Error('rolled back on purpose');
  try {
    return await withTransaction(database, async (tx) => {
      attempt = await work(tx);
      if (!attempt.keep) throw rolledBack;
      return attempt.value;
    });
  } catch (error) {
    if (error === rolledBack && attempt !== undefined) return attempt.value;
    throw error;
  }
}

const mayWorkNextTime = (error: unknown): boolean =>
  isPostgresError(error, 'serializationFailure') || isPostgresError(error, 'deadlockDetected');
