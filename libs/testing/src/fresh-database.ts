import pg from 'pg';
import { randomName } from './random-name.ts';
import { until } from './until.ts';

const leakDeadlineMs = 2_000;
const longestName = 50; // PostgreSQL cuts names at 63, and we append to this one

/** A database of one test file's own. */
export type FreshDatabase = {
  /** The administrator's connection string to it. */
  readonly url: string;
  /** Drops it. Fails when the test left a connection to it open: close pools first. */
  close(): Promise<void>;
};

/**
 * Makes an empty-handed copy of a prepared database in about 0.1 s.
 * The template is prepared once per run and `name`, also when several test files ask at once.
 * @param name what the template is for (`outage`): lower case, digits, underscores.
 * @param prepare migrates the empty template; it must close its connections.
 */
export async function freshDatabase({
  name,
  prepare,
}: {
  name: string;
  prepare: (url: string) => Promise<void>;
}): Promise<FreshDatabase> {
  const administrator = administratorUrl();
  const template = templateName(name);
  const database = randomName(name);
  await asAdministrator(administrator, async (client) => {
    await prepareOnce(client, template, (unfinished) => prepare(urlOf(administrator, unfinished)));
    await whenUnused(() => client.query(`create database ${database} template ${template} strategy file_copy`));
  });
  return {
    url: urlOf(administrator, database),
    close: () => asAdministrator(administrator, (client) => drop(client, database)),
  };
}

function administratorUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('TEST_DATABASE_URL is not set: name the file *.db.test.ts or *.component.test.ts');
  return url;
}

/** The run's id is in it, because a server that outlives the run would otherwise keep templates of older migrations. */
function templateName(name: string): string {
  const template = `template_${process.env['TEST_RUN_ID'] ?? process.pid}_${name}`;
  if (!/^[a-z0-9_]+$/.test(template) || template.length > longestName)
    throw new Error(`"${name}" does not name a database`);
  return template;
}

async function prepareOnce(
  client: pg.Client,
  template: string,
  prepare: (unfinished: string) => Promise<void>,
): Promise<void> {
  // Test files run in several processes: the first prepares, the others wait for it.
  await client.query('select pg_advisory_lock(hashtext($1))', [template]);
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [template]);
    if (rowCount) return;
    const unfinished = `${template}_unfinished`; // the name says whether a preparation came to its end
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished}`);
    await prepare(unfinished);
    await whenUnused(() => client.query(`alter database ${unfinished} rename to ${template}`));
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [template]);
  }
}

/** A connection that was closed a moment ago still counts as a user of the template. */
async function whenUnused(use: () => Promise<unknown>): Promise<void> {
  await until(() => use().then(() => true), {
    deadlineMs: leakDeadlineMs,
    describe: 'the template to be free of connections',
  });
}

async function drop(client: pg.Client, database: string): Promise<void> {
  const seen = { open: [] as string[] };
  async function nobodyConnected(): Promise<boolean> {
    const { rows } = await client.query<{ application_name: string }>(
      'select application_name from pg_stat_activity where datname = $1',
      [database],
    );
    seen.open = rows.map((row) => row.application_name || 'unnamed');
    return rows.length === 0;
  }
  const describe = () => `the test's connections to be closed (open: ${seen.open.join(', ')})`;
  try {
    await until(nobodyConnected, { deadlineMs: leakDeadlineMs, describe });
  } finally {
    await client.query(`drop database ${database} with (force)`);
  }
}

async function asAdministrator<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'fresh-database' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(administrator: string, database: string): string {
  const url = new URL(administrator);
  url.pathname = `/${database}`;
  return url.href;
}
