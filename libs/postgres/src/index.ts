export { afterCommit } from './after-commit.ts';
export { assertStored } from './assert-stored.ts';
export { copyIn } from './copy-in.ts';
export type { CopyRow, CopyValue } from './copy-text.ts';
export { listen } from './listen.ts';
export type { MigrationSource } from './migrate.ts';
export { migrate } from './migrate.ts';
export type { Database, DatabaseOptions, Transaction } from './open-database.ts';
export { closeDatabase, openDatabase, openDedicatedConnection } from './open-database.ts';
export {
  isConnectionError,
  isDataError,
  isPostgresError,
  isTransientError,
  postgresErrorCode,
  postgresErrors,
} from './postgres-errors.ts';
export { execute, query } from './query.ts';
export type { SqlValue, SqlValues } from './sql-values.ts';
export { type Attempt, tryTransaction, withTransaction } from './with-transaction.ts';
