import { join } from 'node:path';
import {
  closeDatabase,
  type Database,
  migrate,
  openDatabase,
  query,
  type Transaction,
  withTransaction,
} from '@bijli/postgres';
import { type FreshDatabase, freshDatabase, until } from '@bijli/testing';

const outbox = { name: 'outbox', folder: join(__dirname, '../../../libs/outbox/migrations') };
const service = { name: 'service', folder: join(__dirname, '../migrations') };

/** A migrated database of one test file's own. */
export function outageDatabase(): Promise<FreshDatabase> {
  return freshDatabase({
    name: 'outage',
    prepare: async (url) => void (await migrate({ url, sources: [outbox, service] })),
  });
}

/** A database with an outbox and nothing else, for what another service would say. */
export function outboxDatabase(): Promise<FreshDatabase> {
  return freshDatabase({
    name: 'outage_neighbour',
    prepare: async (url) => void (await migrate({ url, sources: [outbox] })),
  });
}

/** Runs `work` on a pool of its own. */
export async function withPool(url: string, work: (db: Database) => Promise<void>): Promise<void> {
  const db = openDatabase({ url, applicationName: 'a test', onIdleError: () => {} });
  try {
    await work(db);
  } finally {
    await closeDatabase(db);
  }
}

/** A migrated database of one test file's own, and a pool on it. */
export async function openOutageDatabase(): Promise<{ readonly db: Database; readonly close: () => Promise<void> }> {
  const database = await outageDatabase();
  const db = openDatabase({ url: database.url, applicationName: 'a test', onIdleError: () => {} });
  const close = async (): Promise<void> => {
    await closeDatabase(db);
    await database.close();
  };
  return { db, close };
}

/** Runs `work` in a transaction and undoes it, so that tests do not see each other. */
export async function undone(db: Database, work: (tx: Transaction) => Promise<void>): Promise<void> {
  const undo = new Error('undo');
  await withTransaction(db, async (tx) => {
    await work(tx);
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
}

/** Runs `one` in a transaction and `other` in a second, that while the first holds what it took, and tells in which order they were done. */
export async function inTurn(
  db: Database,
  one: (tx: Transaction) => Promise<unknown>,
  other: (tx: Transaction) => Promise<unknown> = one,
): Promise<string[]> {
  const order: string[] = [];
  let second: Promise<void> | undefined;
  await withTransaction(db, async (tx) => {
    await one(tx);
    second = withTransaction(db, async (another) => {
      await other(another);
      order.push('second');
    });
    await until(() => isSomebodyWaiting(db), { describe: 'the second to wait' });
    order.push('first');
  });
  await second;
  return order;
}

async function isSomebodyWaiting(db: Database): Promise<boolean> {
  const rows = await query(
    db,
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length === 1;
}
