import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closeDatabase, type Database, isConnectionError, openDatabase } from '@bijli/postgres';
import type { DatabaseName } from '@bijli/start/databases';
import type { StartSettings } from '@bijli/start/settings';

/**
 * Does work on a service's database as its working role.
 * @throws Error in words where PostgreSQL does not answer, or the system was never started.
 */
export async function withDatabase<T>(
  settings: StartSettings,
  name: DatabaseName,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const url = await workingUrl(settings, name);
  const db = openDatabase({ url, applicationName: 'dead-letters', onIdleError: () => undefined });
  try {
    return await work(db);
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    const advice = 'start the system first (npm start), with the same BIJLI_PORT';
    throw new Error(`PostgreSQL does not answer at ${new URL(url).host}: ${advice}`, { cause: error });
  } finally {
    await closeDatabase(db);
  }
}

/** As the service's own working role, whose password the start command made. */
async function workingUrl({ dataFolder, databaseUrl, ports }: StartSettings, name: DatabaseName): Promise<string> {
  const role = `${name}_app`;
  const password = await readFile(join(dataFolder, 'secrets', `${role}-password`), 'utf8').catch((cause: unknown) => {
    throw new Error(`there are no secrets in ${dataFolder}: was the system ever started (npm start)?`, { cause });
  });
  const url = new URL(databaseUrl ?? `postgres://127.0.0.1:${ports.postgres}`);
  return Object.assign(url, { username: role, password, pathname: `/${name}` }).href;
}
