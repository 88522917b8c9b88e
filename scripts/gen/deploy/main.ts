// `npm run gen-deploy` writes the topics and users of deploy/ from their declarations; with --check it only says whether they are up to date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@bijli/events';
import { topicResources, userResources } from './kafka-resources.ts';
import { readHearings } from '../read-hearings.ts';

const repository = join(import.meta.dirname, '../../..');
const folder = join(repository, 'deploy/base/kafka');
const wanted = new Map([
  [join(folder, 'topics.yaml'), topicResources(topics)],
  [join(folder, 'users.yaml'), userResources(topics, readHearings(repository))],
]);

const stale = [...wanted].filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
if (!process.argv.includes('--check')) for (const [file, text] of stale) writeFileSync(file, text);
else if (stale.length > 0) {
  console.error('Topics or users in deploy/base/kafka are out of date: npm run gen-deploy writes them.');
  process.exitCode = 1;
}
