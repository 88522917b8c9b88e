// `npm run gen-event-map` writes the table of events into README.md; with --check it only says whether it is up to date.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@bijli/events';
import { eventMap, type Hearing, hearingsIn, withEventMap } from './checks/event-map.ts';

const repository = join(import.meta.dirname, '..');
const readme = join(repository, 'README.md');

const hearings: Hearing[] = readdirSync(join(repository, 'services')).flatMap((service) => {
  const file = join(repository, 'services', service, 'src/subscriptions/index.ts');
  return existsSync(file) ? hearingsIn(service, readFileSync(file, 'utf8')) : [];
});
const before = readFileSync(readme, 'utf8');
const after = withEventMap(before, eventMap(topics, hearings));

if (!process.argv.includes('--check')) writeFileSync(readme, after);
else if (before !== after) {
  console.error('The event map in README.md is out of date: npm run gen-event-map writes it.');
  process.exitCode = 1;
}
