import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The images of the servers, as docker-compose.yml names them, so that tests and deployments are of one version. */
export function serverImages(): { postgres: string; kafka: string } {
  const compose = readFileSync(join(import.meta.dirname, '../../docker-compose.yml'), 'utf8');
  return { postgres: imageOf(compose, 'postgres'), kafka: imageOf(compose, 'apache/kafka') };
}

function imageOf(compose: string, name: string): string {
  const image = new RegExp(`image: (${name}:\\S+)`).exec(compose)?.[1];
  if (image === undefined) throw new Error(`docker-compose.yml names no image ${name}`);
  return image;
}
