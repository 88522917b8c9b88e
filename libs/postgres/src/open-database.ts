import knex from 'knex';
import type { Knex } from 'knex';
import pg from 'pg';
import { cutWhenSilent, endWhenSilent } from './cut-when-silent.ts';

/** A pool of connections to one database: a Knex instance. */
export type Database = Knex;
/** One open transaction. Everything that writes takes it as its first parameter. */
export type Transaction = Knex.Transaction;

export type DatabaseOptions = {
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Largest number of connections; 10 unless told. */
  readonly poolSize?: number;
  /** Longest time one statement may take, milliseconds; 30,000 unless told, 0 for no limit. */
  readonly statementTimeoutMs?: number;
  /** Longest time that a transaction may hear nothing from its holder, milliseconds; 60,000 unless told. */
  readonly idleInTransactionMs?: number;
  /** Hears of a connection that failed while nobody used it; without a listener Node would end the process. */
  readonly onIdleError: (error: Error) => void;
};

const DEFAULT_POOL_SIZE = 10;
const DEFAULT_STATEMENT_TIMEOUT_MS = 30_000;
/** A transaction whose holder says nothing for so long holds its locks for nobody. */
const DEFAULT_IDLE_IN_TRANSACTION_MS = 60_000;
/** A server that ends a statement at its limit says so within this time, where it can be heard at all. */
const ANSWER_GRACE_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
const ACQUIRE_TIMEOUT_MS = 15_000;

const connectionOf = new WeakMap<Database, ConnectionSettings>();

/**
 * Opens a pool on a database; no connection is made before the first query. A civil `date` is read as text ('2026-01-30'): node-postgres
 * would make a local midnight of it. `bigint` and `numeric` are read as text, as node-postgres does.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const connection = connectionSettings(options);
  const limitMs = connection.statement_timeout;
  const database = knex({
    client: 'pg',
    connection,
    pool: {
      min: 0,
      max: options.poolSize ?? DEFAULT_POOL_SIZE,
      afterCreate: (client: pg.Client, done: (error: Error | null, client: pg.Client) => void) => {
        client.on('error', options.onIdleError);
        if (limitMs > 0) cutWhenSilent(client, limitMs + ANSWER_GRACE_MS);
        done(null, client);
      },
    },
    acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
    log: { warn: silent, error: silent, deprecate: silent, debug: silent }, // Knex would print what it then throws
  });
  connectionOf.set(database, connection);
  return database;
}

/** Waits for the queries in flight and closes all connections of the pool. */
export async function closeDatabase(database: Database): Promise<void> {
  await database.destroy();
}

/**
 * Opens one more connection to the same database, outside the pool and for the caller alone: for session locks and LISTEN. The caller
 * attaches 'error' and 'end' listeners and ends it. The server notices within about 15 s when our end has vanished without a word.
 */
export async function openDedicatedConnection(database: Database, applicationName: string): Promise<pg.Client> {
  const settings = connectionOf.get(database);
  if (settings === undefined) throw new Error('This database was not opened by openDatabase.');
  const client = new pg.Client({ ...settings, application_name: applicationName, keepAlive: true });
  if (settings.statement_timeout > 0) endWhenSilent(client, settings.statement_timeout + ANSWER_GRACE_MS);
  client.on('error', () => undefined); // the caller hears of it by 'end'; without a listener Node would end the process
  await client.connect();
  await client.query('set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 2');
  return client;
}

type ConnectionSettings = ReturnType<typeof connectionSettings>;

function connectionSettings(options: DatabaseOptions) {
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    statement_timeout: options.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: options.idleInTransactionMs ?? DEFAULT_IDLE_IN_TRANSACTION_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // Our statements are short and many: to compile one takes longer than to run it.
    options: '-c jit=off -c max_parallel_workers_per_gather=0',
    types: { getTypeParser },
  };
}

const silent = (): void => undefined;
const asText = (value: string): string => value;

const getTypeParser = (oid: number, format?: string): ((value: string) => unknown) =>
  oid === pg.types.builtins.DATE && format !== 'binary' ? asText : pg.types.getTypeParser(oid, format as 'text');
