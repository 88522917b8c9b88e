import { isDeepStrictEqual } from 'node:util';
import { ask } from './ask.ts';
import { at, compose, docker } from './docker-compose.ts';

/** Starts the profile `registry` and sees that every id means the same schema there as at the schema endpoint. */
export async function compareRegistry(): Promise<string> {
  const image = await compose('--profile', 'registry', 'config', '--images').then((images) =>
    images.split('\n').find((name) => name.includes('registry')),
  );
  const isHere = await docker('image', 'inspect', String(image)).then(
    () => true,
    () => false,
  );
  if (!isHere) return `skipped: ${image} is not on this machine`;
  await compose('--profile', 'registry', 'up', '--detach', 'registry');
  await compose('--profile', 'registry', 'run', '--rm', 'registry-fill');
  const subjects = await ask<string[]>('GET', at('schema-endpoint', '/subjects'));
  for (const subject of subjects) {
    const versionPath = `/subjects/${subject}/versions/latest`;
    const ours = await ask<{ id: number; schema: string }>('GET', at('schema-endpoint', versionPath));
    const theirs = await ask<{ schema: string }>('GET', at('registry', `/apis/ccompat/v7/schemas/ids/${ours.id}`));
    // Parsed: the registry writes properties in an order of its own.
    const isSame = isDeepStrictEqual(JSON.parse(theirs.schema), JSON.parse(ours.schema));
    if (!isSame) throw new Error(`id ${ours.id} of the registry is not ${subject}`);
  }
  return `${subjects.length} subjects in ${image} under the ids of the schema endpoint`;
}
