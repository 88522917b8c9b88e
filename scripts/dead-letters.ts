// `npm run dead-letters`: the records that no service could handle: list them, show one, and replay or discard them on somebody's word.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { getDeadLetter } from '@bijli/outbox';
import { closeDatabase, isConnectionError, openDatabase } from '@bijli/postgres';
import { type Decision, decideDeadLetters, readDeadLetters } from './dead-letters/decide-dead-letters.ts';
import { printDeadLetters } from './dead-letters/print-dead-letters.ts';
import { showDeadLetter } from './dead-letters/show-dead-letter.ts';
import { type DatabaseName, databaseNames } from './start/databases.ts';
import { serviceOf } from './start/migrations.ts';
import { readStartSettings, type StartSettings } from './start/settings.ts';

const USAGE = `npm run dead-letters -- list [--service NAME]
npm run dead-letters -- show --service NAME --id ID
npm run dead-letters -- replay|discard --service NAME (--id ID | --all) --who YOU [--dry-run]`;

process.exitCode = await main().catch((error: unknown) => {
  console.error(`dead-letters: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      service: { type: 'string' },
      id: { type: 'string' },
      all: { type: 'boolean', default: false },
      who: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const [action = 'list', ...rest] = positionals;
  const names = databaseNames.filter((name) => values.service === undefined || serviceOf(name) === values.service);
  if (rest.length > 0 || names.length === 0) throw new Error(USAGE);
  if (action === 'list') return list(names);
  const [name] = names;
  if (name === undefined || values.service === undefined) throw new Error(USAGE);
  if (action === 'show' && values.id !== undefined) return show(name, values.id);
  if (action !== 'replay' && action !== 'discard') throw new Error(USAGE);
  if (values.who === undefined || (values.id === undefined) !== values.all) throw new Error(USAGE);
  return decide(name, { action, id: values.id ?? null, who: values.who, isDryRun: values['dry-run'] });
}

async function show(name: DatabaseName, id: string): Promise<number> {
  const letter = /^\d{1,18}$/.test(id) ? await withDatabase(name, (db) => getDeadLetter(db, id)) : null;
  console.log(letter === null ? 'There is no such dead letter.' : showDeadLetter(serviceOf(name), letter));
  return letter === null ? 1 : 0;
}

async function decide(name: DatabaseName, decision: Decision): Promise<number> {
  const { decided, masked } = await withDatabase(name, (db) => decideDeadLetters(db, decision));
  if (decided.length > 0) console.log(printDeadLetters(serviceOf(name), decided));
  if (masked.length > 0)
    console.log(`${masked.length} left alone: masked, so there is nothing to replay; discard them`);
  const done = { replay: 'replayed', discard: 'discarded' }[decision.action];
  console.log(`${decided.length} ${decision.isDryRun ? 'would be ' : ''}${done}`);
  if (decided.length + masked.length === 0 && decision.id !== null)
    console.log(
      `No dead letter of this id waits in ${serviceOf(name)}: npm run dead-letters -- list --service ${serviceOf(name)}`,
    );
  return decided.length > 0 ? 0 : 1;
}

async function list(names: readonly DatabaseName[]): Promise<number> {
  let waiting = 0;
  for (const name of names) {
    const letters = await withDatabase(name, readDeadLetters);
    waiting += letters.length;
    if (letters.length > 0) console.log(printDeadLetters(serviceOf(name), letters));
  }
  console.log(`Dead letters waiting: ${waiting}`);
  return 0;
}

async function withDatabase<T>(
  name: DatabaseName,
  work: (db: ReturnType<typeof openDatabase>) => Promise<T>,
): Promise<T> {
  const url = await workingUrl(readStartSettings(process.env, []), name);
  const db = openDatabase({ url, applicationName: 'dead-letters', onIdleError: () => undefined });
  try {
    return await work(db);
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    const advice = 'start the system first (npm start), with the same BIJLI_PORT';
    throw new Error(`PostgreSQL does not answer at ${new URL(url).host}: ${advice}`, { cause: error });
  } finally {
    await closeDatabase(db);
  }
}

/** As the service's own working role, whose password the start command made. */
async function workingUrl({ dataFolder, databaseUrl, ports }: StartSettings, name: DatabaseName): Promise<string> {
  const role = `${name}_app`;
  const password = await readFile(join(dataFolder, 'secrets', `${role}-password`), 'utf8').catch((cause: unknown) => {
    throw new Error(`there are no secrets in ${dataFolder}: was the system ever started (npm start)?`, { cause });
  });
  const url = new URL(databaseUrl ?? `postgres://127.0.0.1:${ports.postgres}`);
  return Object.assign(url, { username: role, password, pathname: `/${name}` }).href;
}
