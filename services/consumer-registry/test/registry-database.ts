import { join } from 'node:path';
import { closeDatabase, type Database, migrate, openDatabase } from '@bijli/postgres';
import { freshDatabase } from '@bijli/testing';

/** A registry's database of a test's own. */
export type RegistryDatabase = { readonly db: Database; readonly url: string; close(): Promise<void> };

const repository = join(__dirname, '..', '..', '..');

async function prepare(url: string): Promise<void> {
  const outbox = { name: 'outbox', folder: join(repository, 'libs', 'outbox', 'migrations') };
  const service = { name: 'service', folder: join(repository, 'services', 'consumer-registry', 'migrations') };
  await migrate({ url, sources: [outbox, service] });
}

/** Makes a migrated, empty database and opens it. */
export async function registryDatabase(): Promise<RegistryDatabase> {
  const fresh = await freshDatabase({ name: 'consumer_registry', prepare });
  const db = openDatabase({ url: fresh.url, applicationName: 'registry-test', onIdleError: () => undefined });
  const close = async (): Promise<void> => {
    await closeDatabase(db);
    await fresh.close();
  };
  return { db, url: fresh.url, close };
}
