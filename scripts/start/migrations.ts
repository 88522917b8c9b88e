import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '@bijli/postgres';
import { type DatabaseName, type DatabaseUrls, databaseNames } from './databases.ts';
import { repository } from './settings.ts';

/** Brings every database up to date, as its owner; answers how many migrations that took. */
export async function migrateAll(urls: Record<DatabaseName, DatabaseUrls>): Promise<number> {
  const results = await Promise.all(
    databaseNames.map((name) => migrate({ url: urls[name].owner, sources: sourcesOf(name) })),
  );
  return results.reduce((sum, { applied }) => sum + applied.length, 0);
}

/** The migrations of a database, in the order in which they are applied. */
export function sourcesOf(database: DatabaseName) {
  const service = join(repository, 'services', serviceOf(database), 'migrations');
  const outbox = join(repository, 'libs/outbox/migrations');
  return [{ name: 'outbox', folder: outbox }, ...(existsSync(service) ? [{ name: 'service', folder: service }] : [])];
}

/** A service's name is a folder's, a database's an identifier. */
export const serviceOf = (database: DatabaseName): string => database.replaceAll('_', '-');
