import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Where docker-compose.yml mounts the volumes with secrets into its steps: one for each container, and one that only steps see. */
const volumes = '/secrets';

/** Everything that was ever made at random. */
export const keptFolder = join(volumes, 'kept');

/**
 * Puts a secret into a container's volume. Whoever mounts the volume may read it: inside a container that is one process, which may have
 * another user than ours.
 */
export async function handOver(container: string, name: string, secret: string): Promise<void> {
  const path = join(volumes, container, name);
  await writeFile(`${path}.new`, secret, { mode: 0o444 });
  await rename(`${path}.new`, path);
}

/** Puts a copy of a file with a secret into a container's volume, under the same name. */
export async function handOverFile(container: string, file: string): Promise<void> {
  await handOver(container, basename(file), await readFile(file, 'utf8'));
}
