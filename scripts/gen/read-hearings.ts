import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Hearing, hearingsIn } from './event-map/event-map.ts';

/** Reads the declared subscriptions of every service. */
export function readHearings(repository: string): Hearing[] {
  return readdirSync(join(repository, 'services')).flatMap((service) => {
    const file = join(repository, 'services', service, 'src/subscriptions/index.ts');
    return existsSync(file) ? hearingsIn(service, readFileSync(file, 'utf8')) : [];
  });
}
