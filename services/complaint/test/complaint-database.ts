import { join } from 'node:path';
import {
  closeDatabase,
  type Database,
  migrate,
  openDatabase,
  type Transaction,
  withTransaction,
} from '@bijli/postgres';
import { type FreshDatabase, freshDatabase } from '@bijli/testing';

const outbox = { name: 'outbox', folder: join(__dirname, '../../../libs/outbox/migrations') };
const service = { name: 'service', folder: join(__dirname, '../migrations') };

/** A migrated database of one test file's own. */
export function complaintDatabase(): Promise<FreshDatabase> {
  return freshDatabase({
    name: 'complaint',
    prepare: async (url) => void (await migrate({ url, sources: [outbox, service] })),
  });
}

/** A database with an outbox and nothing else, for what other services would say. */
export function outboxDatabase(): Promise<FreshDatabase> {
  return freshDatabase({
    name: 'complaint_neighbour',
    prepare: async (url) => void (await migrate({ url, sources: [outbox] })),
  });
}

/** A migrated database with a pool on it; `close` ends both. */
export async function openComplaintDatabase(poolSize = 10): Promise<{ db: Database; close: () => Promise<void> }> {
  const database = await complaintDatabase();
  const db = openDatabase({ url: database.url, applicationName: 'a test', poolSize, onIdleError: () => {} });
  return {
    db,
    close: async () => {
      await closeDatabase(db);
      await database.close();
    },
  };
}

/** Runs `work` on a pool of its own. */
export async function withPool<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase({ url, applicationName: 'a test', onIdleError: () => {} });
  try {
    return await work(db);
  } finally {
    await closeDatabase(db);
  }
}

/** Does something in a transaction that is undone, so that tests do not see each other. */
export async function undone(db: Database, work: (tx: Transaction) => Promise<void>): Promise<void> {
  const undo = new Error('undo');
  const ended = await withTransaction(db, async (tx) => {
    await work(tx);
    throw undo;
  }).catch((error: unknown) => error);
  if (ended !== undo) throw ended;
}
