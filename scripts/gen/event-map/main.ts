// `npm run gen-event-map` writes the table of events into README.md and docs/events.md; with --check it only says whether they are up to date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@bijli/events';
import { eventMap, withEventMap } from './event-map.ts';
import { type DescribedTopic, eventsPage } from './events-page.ts';
import { readHearings } from '../read-hearings.ts';

const repository = join(import.meta.dirname, '../../..');
const readme = join(repository, 'README.md');
const page = join(repository, 'docs/events.md');

const described = Object.entries(topics).map(([topic, { owner, cleanup, schema }]): DescribedTopic => {
  const text = readFileSync(join(repository, 'schemas', `${schema}.avsc`), 'utf8');
  return { topic, owner, keptAs: cleanup, schema: JSON.parse(text) as DescribedTopic['schema'] };
});
const wanted = new Map([
  [readme, withEventMap(readFileSync(readme, 'utf8'), eventMap(topics, readHearings(repository)))],
  [page, eventsPage(described)],
]);

const stale = [...wanted].filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
if (!process.argv.includes('--check')) for (const [file, text] of stale) writeFileSync(file, text);
else if (stale.length > 0) {
  console.error('README.md or docs/events.md is out of date: npm run gen-event-map writes them.');
  process.exitCode = 1;
}
