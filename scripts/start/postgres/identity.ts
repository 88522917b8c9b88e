import { readFileSync, statSync } from 'node:fs';
import { dirname, parse } from 'node:path';

/** A user of the operating system. */
export type Identity = { readonly uid: number; readonly gid: number };

/**
 * Says as whom PostgreSQL runs: it refuses to be root, and initdb wants a user that /etc/passwd knows.
 * @returns null when we are an ordinary user and it runs as us.
 */
export function postgresIdentity(): Identity | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'nobody') ?? users.find((fields) => Number(fields[2]) > 0);
  if (!user) throw new Error('/etc/passwd names nobody but root, and PostgreSQL refuses to run as root');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** Says whether every user of this machine can walk down to a folder that exists. */
export function everyoneReaches(folder: string): boolean {
  const forOthers = 0o005; // read and search
  for (let path = folder; ; path = dirname(path)) {
    if ((statSync(path).mode & forOthers) !== forOthers) return false;
    if (path === parse(path).root) return true;
  }
}
