import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { claimFile } from './claim-data-folder.ts';
import { postgresDataFolder } from './postgres/data-folder.ts';
import { postgresIdentity } from './postgres/identity.ts';

/** Removes everything that earlier starts kept, wherever PostgreSQL's part lies, but the claim of this start. */
export async function forget(dataFolder: string): Promise<void> {
  await rm(postgresDataFolder(dataFolder, postgresIdentity()), { recursive: true, force: true });
  for (const name of await readdir(dataFolder)) {
    if (name !== claimFile) await rm(join(dataFolder, name), { recursive: true, force: true });
  }
}
