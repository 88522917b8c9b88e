import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Secret } from '../made-secrets.ts';
import { type Container, environmentOf, type Pod, type Resource, secretFiles } from '../resources.ts';

const ofSecrets = '/run/secrets/bijli-alert';
/** Where the Dockerfile puts the repository. */
export const ofImage = '/app';
export const repository = join(import.meta.dirname, '../../..');

/** What is otherwise here than in a cluster: where files are, and addresses. */
export type Place = {
  readonly folder: string;
  readonly resources: readonly Resource[];
  /** Contents of secrets by `<secret>/<key>`. */
  readonly contents: ReadonlyMap<string, string>;
  /** Settings that name an address. */
  readonly addresses: Readonly<Record<string, string>>;
};

/** Contents of the secrets that make-secrets.sh makes. @param moved what has another address here. */
export function contentsOf(secrets: readonly Secret[], moved: Readonly<Record<string, string>>): [string, string][] {
  const movedIn = (text: string): string =>
    Object.entries(moved).reduce((sofar, [from, to]) => sofar.replaceAll(from, to), text);
  return secrets.flatMap(({ metadata, stringData = {}, data = {} }) => [
    ...Object.entries(stringData).map(([key, text]): [string, string] => [`${metadata.name}/${key}`, movedIn(text)]),
    ...Object.entries(data).map(([key, text]): [string, string] => [
      `${metadata.name}/${key}`,
      Buffer.from(text, 'base64').toString(),
    ]),
  ]);
}

/** The environment of a container as it is here; the files of its secrets are written where it then names them. */
export function environmentAt(pod: Pod, container: Container, place: Place): Record<string, string> {
  const folder = join(place.folder, 'secrets', pod.serviceAccountName ?? '', container.name);
  mkdirSync(folder, { recursive: true });
  for (const [path, secret] of secretFiles(pod, container)) {
    const text = place.contents.get(secret);
    if (text === undefined) throw new Error(`there is no secret ${secret}`);
    writeFileSync(path.replace(ofSecrets, folder), text.replaceAll(ofSecrets, folder), { mode: 0o600 });
  }
  const given = Object.entries(environmentOf(container, place.resources)).map(([name, value]) => [
    name,
    place.addresses[name] ?? value.replaceAll(ofSecrets, folder).replace(new RegExp(`^${ofImage}/`), `${repository}/`),
  ]);
  return { PATH: String(process.env['PATH']), ...(Object.fromEntries(given) as Record<string, string>) };
}
