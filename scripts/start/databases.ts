import pg from 'pg';
import { StartProblem } from './problem.ts';
import type { Secrets } from './secrets.ts';

/** The services that keep data, by the name of their database. */
export const databaseNames = ['consumer_registry', 'outage', 'billing', 'complaint', 'notifier'] as const;
export type DatabaseName = (typeof databaseNames)[number];

/** Connection strings to one database: of the role that migrates it and of the role that works in it. */
export type DatabaseUrls = { readonly owner: string; readonly app: string };

/**
 * Makes each service's database with its two roles, and the rights that the working role has in whatever the owner creates.
 * Doing it again changes nothing but the passwords, which become those of our secrets.
 * @param administratorUrl may create databases and roles; need not be a superuser.
 */
export async function makeDatabases(
  administratorUrl: string,
  secrets: Secrets,
): Promise<Record<DatabaseName, DatabaseUrls>> {
  const made: [DatabaseName, DatabaseUrls][] = [];
  await withClient(administratorUrl, async (administrator) => {
    for (const database of databaseNames)
      made.push([database, await makeDatabase(administrator, administratorUrl, database, secrets)]);
  });
  return Object.fromEntries(made) as Record<DatabaseName, DatabaseUrls>;
}

async function makeDatabase(
  administrator: pg.Client,
  administratorUrl: string,
  database: DatabaseName,
  secrets: Secrets,
): Promise<DatabaseUrls> {
  const owner = await makeRole(administrator, `${database}_owner`, secrets);
  const app = await makeRole(administrator, appRoleOf(database), secrets);
  await makeEmptyDatabase(administrator, database, owner.name);
  const urls = { owner: urlOf(administratorUrl, database, owner), app: urlOf(administratorUrl, database, app) };
  await giveRights(database, urls.owner);
  return urls;
}

type Role = { readonly name: string; readonly password: string };

async function makeRole(administrator: pg.Client, name: string, secrets: Secrets): Promise<Role> {
  const password = await secrets.password(name);
  const { rowCount } = await administrator.query('select from pg_roles where rolname = $1', [name]);
  const verb = rowCount ? 'alter' : 'create';
  await administrator.query(`${verb} role ${name} login password ${administrator.escapeLiteral(password)}`);
  return { name, password };
}

async function makeEmptyDatabase(administrator: pg.Client, database: string, owner: string): Promise<void> {
  const { rowCount } = await administrator.query('select from pg_database where datname = $1', [database]);
  if (rowCount) return;
  // Only a member may give a database to a role; a superuser is one of every role already.
  await administrator.query(`grant ${owner} to current_user`);
  const locale = `encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C.UTF-8'`;
  await administrator.query(`create database ${database} owner ${owner} template template0 ${locale}`);
}

/**
 * Gives the working role its rights in a database, in whatever the owner creates there too, and takes everybody else's. Doing it again
 * changes nothing. @param ownerUrl of the role that owns the database.
 */
export async function giveRights(database: DatabaseName, ownerUrl: string): Promise<void> {
  const app = appRoleOf(database);
  await withClient(ownerUrl, async (owner) => {
    await owner.query(`revoke all on database ${database} from public`);
    await owner.query(`grant connect on database ${database} to ${app}`);
    await owner.query(`grant usage on schema public to ${app}`);
    await owner.query(`alter default privileges grant select, insert, update, delete on tables to ${app}`);
    await owner.query(`alter default privileges grant usage on sequences to ${app}`);
    await owner.query(`alter default privileges grant execute on functions to ${app}`);
  });
}

const appRoleOf = (database: DatabaseName): string => `${database}_app`;

/**
 * Sees that the user's own PostgreSQL answers and is new enough.
 * @throws StartProblem when not.
 */
export async function checkDatabaseServer(administratorUrl: string): Promise<string> {
  const oldest = 180_000; // server_version_num of 18.0
  const version = await withClient(administratorUrl, async (client) => {
    const { rows } = await client.query<{ number: number; name: string }>(
      `select current_setting('server_version_num')::integer as number, current_setting('server_version') as name`,
    );
    return rows[0];
  }).catch((cause: Error) => {
    throw new StartProblem(
      `DATABASE_URL does not lead to a PostgreSQL that lets us in (${cause.message}): mend it, or unset it for the embedded one.`,
      { cause },
    );
  });
  if (version && version.number >= oldest) return version.name;
  throw new StartProblem(
    `DATABASE_URL leads to PostgreSQL ${version?.name}: use 18 or newer, or unset it for the embedded one.`,
  );
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'start', connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // the query in flight is rejected with it
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(administratorUrl: string, database: string, role: Role): string {
  const url = new URL(administratorUrl);
  url.pathname = `/${database}`;
  url.username = role.name;
  url.password = role.password;
  return url.href;
}
