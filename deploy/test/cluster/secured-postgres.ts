import { chownSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Identity, until } from '@bijli/testing';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '@bijli/start/postgres';
import type { Secret } from '../made-secrets.ts';
import { ofKind, type Resource } from '../resources.ts';

type DatabaseSpec = { readonly name: string; readonly owner: string };
type ClusterSpec = { readonly managed: { roles: readonly { name: string; passwordSecret: { name: string } }[] } };

/** Starts a PostgreSQL that speaks TLS with a certificate. */
export async function startSecuredPostgres(
  parentFolder: string,
  port: number,
  { key, cert }: Identity,
): Promise<RunningPostgres> {
  const postgres = await startPostgres({ parentFolder, port, password: 'administrator', ephemeral: true });
  const { uid, gid } = statSync(postgres.dataFolder);
  for (const [name, text] of Object.entries({ 'server.key': key, 'server.crt': cert })) {
    const file = join(postgres.dataFolder, name);
    writeFileSync(file, text, { mode: 0o600 });
    chownSync(file, uid, gid);
  }
  await run(postgres.url, ['alter system set ssl = on', 'select pg_reload_conf()']);
  await until(
    () =>
      run(`${postgres.url}?sslmode=no-verify`, ['select 1']).then(
        () => true,
        () => undefined,
      ),
    {
      describe: 'PostgreSQL to speak TLS',
    },
  );
  return postgres;
}

/** Does what CloudNativePG's operator does with the roles and databases of an overlay. */
export async function applyToPostgres(
  url: string,
  resources: readonly Resource[],
  secrets: readonly Secret[],
): Promise<void> {
  const roles = ofKind(resources, 'Cluster').flatMap(({ spec }) => (spec as ClusterSpec).managed.roles);
  const passwordIn = (name: string): string | undefined =>
    secrets.find(({ metadata }) => metadata.name === name)?.stringData?.['password'];
  const databases = ofKind(resources, 'Database').map(({ spec }) => spec as DatabaseSpec);
  await run(url, [
    ...roles.map(
      ({ name, passwordSecret }) => `create role ${name} login password '${passwordIn(passwordSecret.name)}'`,
    ),
    ...databases.map(({ name, owner }) => `create database ${name} owner ${owner}`),
  ]);
}

/** Counts the records that a service could not handle. */
export async function countDeadLetters(url: string, database: string): Promise<number> {
  const address = new URL(url);
  address.pathname = `/${database}`;
  const rows = await run(address.href, ['select count(*)::integer as count from dead_letter']);
  return Number(rows[0]?.['count']);
}

/** Lists the connections of services: as which role, and whether by TLS. */
export async function connectionsByRole(url: string): Promise<{ role: string; isTls: boolean }[]> {
  const statement = `select usename as role, ssl as is_tls from pg_stat_activity join pg_stat_ssl using (pid)
    where backend_type = 'client backend' and usename <> 'postgres'`;
  return (await run(url, [statement])).map(({ role, is_tls: isTls }) => ({
    role: String(role),
    isTls: isTls === true,
  }));
}

async function run(url: string, statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query<Record<string, unknown>>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}
