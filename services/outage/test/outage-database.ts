import { join } from 'node:path';
import { closeDatabase, type Database, migrate, openDatabase } from '@bijli/postgres';
import { type FreshDatabase, freshDatabase } from '@bijli/testing';

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
