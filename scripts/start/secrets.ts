import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const keyBytes = 32;
const passwordBytes = 24;
const smppPasswordBytes = 4; // SMPP 3.4 allows eight characters, hexadecimal ones here

/** Keeps one secret a file, so that a service can be given the file's name and never the secret. */
export type Secrets = {
  /** Reads a password, made at random the first time. */
  password(name: string): Promise<string>;
  /** Names the files for `*_FILE` settings, made the first time. */
  readonly files: { sealKeys: string; blindIndexKey: string; smppPassword: string };
};

/** Opens the folder of secrets, for this user's eyes only, and makes what is missing. */
export async function openSecrets(folder: string): Promise<Secrets> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
  const file = (name: string): string => join(folder, name);
  await makeOnce(file('seal-keys'), () => `k1:${hex(keyBytes)}`);
  await makeOnce(file('blind-index-key'), () => hex(keyBytes));
  await makeOnce(file('smpp-password'), () => hex(smppPasswordBytes));
  return {
    async password(name) {
      await makeOnce(file(`${name}-password`), () => hex(passwordBytes));
      return readFile(file(`${name}-password`), 'utf8');
    },
    files: { sealKeys: file('seal-keys'), blindIndexKey: file('blind-index-key'), smppPassword: file('smpp-password') },
  };
}

async function makeOnce(path: string, make: () => string): Promise<void> {
  try {
    await writeFile(path, make(), { mode: 0o600, flag: 'wx' });
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
  }
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
