import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '@bijli/postgres';
import { type DatabaseName, type DatabaseUrls, databaseNames } from './databases.ts';
import { StartProblem } from './problem.ts';
import { repository } from './settings.ts';

/**
 * Brings every database up to date, as its owner; answers how many migrations that took.
 * @throws StartProblem when a database was made by other migrations than ours.
 */
export async function migrateAll(urls: Record<DatabaseName, DatabaseUrls>): Promise<number> {
  const counts = await Promise.all(databaseNames.map((name) => migrateOne(name, urls[name].owner)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function migrateOne(database: DatabaseName, url: string): Promise<number> {
  try {
    return (await migrate({ url, sources: sourcesOf(database) })).applied.length;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const fix = 'mend what it names, or start over without what was kept: npm start -- --fresh';
    throw new StartProblem(`The database ${database} could not be brought up to date (${why}): ${fix}.`, { cause });
  }
}

/** The migrations of a database, in the order in which they are applied. */
export function sourcesOf(database: DatabaseName) {
  const service = join(repository, 'services', serviceOf(database), 'migrations');
  const outbox = join(repository, 'libs/outbox/migrations');
  return [{ name: 'outbox', folder: outbox }, ...(existsSync(service) ? [{ name: 'service', folder: service }] : [])];
}

/** A service's name is a folder's, a database's an identifier. */
export function serviceOf(database: DatabaseName): string {
  return database.replaceAll('_', '-');
}
