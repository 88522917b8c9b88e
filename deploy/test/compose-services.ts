import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A service of docker-compose.yml, as far as we compare it. */
export type ComposeService = {
  readonly image: string;
  readonly working_dir?: string;
  readonly command?: readonly string[] | string;
  readonly environment?: Readonly<Record<string, string | number>>;
};

/** Reads the services of docker-compose.yml by their name. */
export function composeServices(): Record<string, ComposeService> {
  const text = readFileSync(join(import.meta.dirname, '../../docker-compose.yml'), 'utf8');
  return (parse(text, { merge: true }) as { services: Record<string, ComposeService> }).services;
}
