// `npm run dead-letters`: the records that no service could handle: list them, show one, and replay or discard them on somebody's word.
import { getDeadLetter, groupDeadLetters, listDeadLetters } from '@bijli/outbox';
import type { Database } from '@bijli/postgres';
import { decideDeadLetters } from './decide-dead-letters.ts';
import { printDeadLetters } from './print-dead-letters.ts';
import { printGroups } from './print-groups.ts';
import { LISTED_UNASKED, type Options, readOptions, USAGE } from './read-options.ts';
import { showDeadLetter } from './show-dead-letter.ts';
import { withDatabase } from './working-database.ts';
import type { DatabaseName } from '@bijli/start/databases';
import { serviceOf } from '@bijli/start/migrations';
import { readStartSettings } from '@bijli/start/settings';

type List = Extract<Options, { action: 'list' }>;
type Decide = Extract<Options, { action: 'replay' | 'discard' }>;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`dead-letters: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args, new Date());
  if (options.action === 'help') console.log(USAGE);
  else if (options.action === 'list') await list(options);
  else if (options.action === 'show') return await show(options.database, options.id);
  else return await decide(options);
  return 0;
}

function at<T>(name: DatabaseName, work: (db: Database) => Promise<T>): Promise<T> {
  return withDatabase(readStartSettings(process.env, []), name, work);
}

/** Lists them, or counts them where there are more than anybody reads. */
async function list({ databases, filter, limit }: List): Promise<void> {
  const found = [];
  for (const name of databases) found.push({ name, groups: await at(name, (db) => groupDeadLetters(db, filter)) });
  const waiting = found.flatMap(({ groups }) => groups).reduce((sum, group) => sum + group.waiting, 0);
  const most = limit ?? (waiting <= LISTED_UNASKED ? LISTED_UNASKED : 0);
  let left = most;
  for (const { name, groups } of found.filter(({ groups }) => groups.length > 0)) {
    if (most === 0) console.log(printGroups(serviceOf(name), groups));
    const letters = left === 0 ? [] : await at(name, (db) => listDeadLetters(db, { ...filter, limit: left }));
    if (letters.length > 0) console.log(printDeadLetters(serviceOf(name), letters));
    left -= letters.length;
  }
  console.log(`Dead letters waiting: ${waiting}${moreOf(waiting, most)}`);
}

function moreOf(waiting: number, listed: number): string {
  if (listed === 0) return ' (--limit N lists them, --service, --subscription, --reason and --since choose some)';
  return waiting > listed ? `, ${listed} of them are listed above` : '';
}

async function show(name: DatabaseName, id: string): Promise<number> {
  const letter = /^\d{1,18}$/.test(id) ? await at(name, (db) => getDeadLetter(db, id)) : null;
  console.log(letter === null ? 'There is no such dead letter.' : showDeadLetter(serviceOf(name), letter));
  return letter === null ? 1 : 0;
}

async function decide({ database: name, action, filter, who, isDryRun }: Decide): Promise<number> {
  const service = serviceOf(name);
  const { decided, masked, behind, isMore } = await at(name, (db) =>
    decideDeadLetters(db, { action, filter, who, isDryRun }),
  );
  if (decided.length <= LISTED_UNASKED && decided.length > 0) console.log(printDeadLetters(service, decided));
  if (masked.length > 0)
    console.log(`${masked.length} left alone: masked, so there is nothing to replay; discard them`);
  if (behind.length > 0)
    console.log(
      `${behind.length} left alone: a batch before them in their partition is still read from its topic; run the same command again`,
    );
  if (isMore) console.log('There are more than one call decides about: run the same command again');
  const done = { replay: 'replayed', discard: 'discarded' }[action];
  console.log(`${decided.length} ${isDryRun ? 'would be ' : ''}${done}`);
  if (action === 'replay' && decided.length > 0 && !isDryRun)
    console.log('Their subscription handles them now; what dies again waits again: list them in a moment.');
  if (decided.length + masked.length + behind.length === 0 && filter.id !== undefined)
    console.log(`No dead letter of this id waits in ${service}: npm run dead-letters -- list --service ${service}`);
  return decided.length > 0 ? 0 : 1;
}
