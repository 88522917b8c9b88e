import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootStateFolder } from './binaries.ts';
import { everyoneReaches, type Identity } from './identity.ts';

/**
 * Says where PostgreSQL's data lies: in `parent`, or, where the user it runs as cannot get there, in a state folder named by a hash of it.
 * @param parent a folder that exists.
 */
export function postgresDataFolder(parent: string, identity: Identity | null): string {
  if (!identity || everyoneReaches(parent)) return join(parent, 'postgres');
  const hash = createHash('sha256').update(parent).digest('hex').slice(0, 12);
  const folder = join(rootStateFolder, hash);
  mkdirSync(folder, { recursive: true });
  for (const made of [rootStateFolder, folder]) chmodSync(made, 0o755); // whatever the umask
  writeFileSync(join(folder, belongsTo), parent);
  removeOrphans();
  return join(folder, 'postgres');
}

// Names the data folder that a state folder belongs to: when that one was deleted, nobody comes back for this one.
const belongsTo = 'belongs-to';

function removeOrphans(): void {
  for (const name of readdirSync(rootStateFolder)) {
    const owner = join(rootStateFolder, name, belongsTo);
    if (existsSync(owner) && !existsSync(readFileSync(owner, 'utf8')))
      rmSync(join(rootStateFolder, name), { recursive: true });
  }
}

/** Makes the empty folder that initdb fills, private to the user that PostgreSQL runs as. */
export function makePrivateFolder(folder: string, identity: Identity | null): void {
  mkdirSync(folder, { mode: 0o700 });
  if (identity) chownSync(folder, identity.uid, identity.gid);
}
