import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { bringUpToDate } from './bring-up-to-date.ts';
import {
  checkDatabaseServer,
  type DatabaseName,
  type DatabaseUrls,
  databaseNames,
  makeDatabases,
} from './databases.ts';
import { openSecrets } from './secrets.ts';

const superuser = process.env['TEST_DATABASE_URL'] ?? '';
const administrator = 'start_test_administrator';
const folder = mkdtempSync(join(tmpdir(), 'databases-'));
const made = { url: '', urls: {} as Record<DatabaseName, DatabaseUrls> };

async function query(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query<Record<string, unknown>>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** The names are fixed, so an earlier run on the same server may have left them. */
async function dropAll(): Promise<void> {
  const roles = [...databaseNames.flatMap((name) => [`${name}_owner`, `${name}_app`]), administrator];
  await query(
    superuser,
    ...databaseNames.map((name) => `drop database if exists ${name} with (force)`),
    ...roles.map((role) => `drop role if exists ${role}`),
  );
}

beforeAll(async () => {
  await dropAll();
  // As little as an administrator can be: no superuser.
  await query(superuser, `create role ${administrator} login createdb createrole password 'once'`);
  const url = new URL(superuser);
  url.username = administrator;
  url.password = 'once';
  made.url = url.href;
  made.urls = await makeDatabases(made.url, await openSecrets(join(folder, 'secrets')));
});
afterAll(async () => {
  await dropAll();
  rmSync(folder, { recursive: true });
});

describe('makeDatabases', () => {
  test('makes a database for each service, sorted by code point', async () => {
    for (const name of databaseNames) {
      const rows = await query(
        made.urls[name].app,
        `select current_database() as name, datlocale as locale from pg_database where datname = current_database()`,
      );
      expect(rows).toEqual([{ name, locale: 'C.UTF-8' }]);
    }
  });

  test('lets the owner make tables and the app work in them, and nothing more', async () => {
    const { owner, app } = made.urls.outage;
    await query(owner, 'create table lamp (id bigint generated always as identity, lit boolean not null)');

    await query(app, 'insert into lamp (lit) values (true)', 'update lamp set lit = false');
    expect(await query(app, 'select lit from lamp')).toEqual([{ lit: false }]);
    await expect(query(app, 'create table mine (id integer)')).rejects.toThrow('permission denied');
    await expect(query(app, 'drop table lamp')).rejects.toThrow('must be owner');
  });

  test('keeps services out of each other’s databases', async () => {
    const foreign = new URL(made.urls.outage.app);
    foreign.pathname = '/billing';

    await expect(query(foreign.href, 'select 1')).rejects.toThrow('permission denied for database');
  });

  test('does no harm the second time', async () => {
    const again = await makeDatabases(made.url, await openSecrets(join(folder, 'secrets')));

    expect(again).toEqual(made.urls);
  });
});

describe('bringUpToDate', () => {
  test('makes of an empty database of a cluster what a service works in, once', async () => {
    const { owner, app } = made.urls.complaint;
    // As CloudNativePG makes it: two roles, an owner, and everybody may still connect.
    await query(made.url, 'drop database complaint with (force)', 'create database complaint owner complaint_owner');

    const applied = await bringUpToDate('complaint', owner);
    const again = await bringUpToDate('complaint', owner);

    expect(applied).toContain('service/0001-create-complaint.sql');
    expect(again).toEqual([]);
    expect(await query(app, 'select count(*) as complaints from complaint')).toEqual([{ complaints: '0' }]);
    await expect(query(app, 'create table mine (id integer)')).rejects.toThrow('permission denied');
    const foreign = new URL(made.urls.outage.app);
    foreign.pathname = '/complaint';
    await expect(query(foreign.href, 'select 1')).rejects.toThrow('permission denied for database');
  });
});

test('checkDatabaseServer names the version, or what is wrong', async () => {
  expect(await checkDatabaseServer(superuser)).toMatch(/^18/);
  await expect(checkDatabaseServer('postgres://nobody:wrong@127.0.0.1:1/none')).rejects.toThrow(
    'DATABASE_URL does not lead to a PostgreSQL',
  );
});
