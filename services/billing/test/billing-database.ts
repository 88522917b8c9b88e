import { join } from 'node:path';
import { type Database, migrate, openDatabase } from '@bijli/postgres';
import { type FreshDatabase, freshDatabase } from '@bijli/testing';

const outbox = { name: 'outbox', folder: join(__dirname, '../../../libs/outbox/migrations') };
const service = { name: 'service', folder: join(__dirname, '../migrations') };

/** A migrated database of one test file's own. */
export function billingDatabase(): Promise<FreshDatabase> {
  return freshDatabase({
    name: 'billing',
    prepare: async (url) => void (await migrate({ url, sources: [outbox, service] })),
  });
}

/** A database with an outbox and nothing else, for what others would say. */
export function outboxDatabase(): Promise<FreshDatabase> {
  return freshDatabase({
    name: 'billing_neighbour',
    prepare: async (url) => void (await migrate({ url, sources: [outbox] })),
  });
}

/** A pool of a test's own; the test closes it. */
export function poolOf(url: string): Database {
  return openDatabase({ url, applicationName: 'a test', onIdleError: () => {} });
}
