import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FreshDatabase, freshDatabase, until } from '@bijli/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Database } from './index.ts';
import { closeDatabase, migrate, openDatabase, query } from './index.ts';

const FIRST = 'create table thing (id integer primary key);';
const SECOND = 'insert into thing values (1); select pg_sleep(0.05);';

let fresh: FreshDatabase;
let folder: string;
let db: Database;

beforeEach(async () => {
  fresh = await freshDatabase({ name: 'migrate', prepare: async () => undefined });
  db = openDatabase({ url: fresh.url, applicationName: 'migrate test', onIdleError: () => undefined });
  folder = await mkdtemp(join(tmpdir(), 'bijli-migrate-'));
  await write('0001-create-thing.sql', FIRST);
  await write('0002-add-thing.sql', SECOND);
});
afterEach(async () => {
  await closeDatabase(db);
  await fresh.close();
  await rm(folder, { recursive: true });
});

const write = (file: string, sql: string): Promise<void> => writeFile(join(folder, file), sql);
const run = (name = 'service') => migrate({ url: fresh.url, sources: [{ name, folder }] });
const recorded = () =>
  query<{ source: string; number: number }>(db, 'select source, number from schema_migration order by source, number');
/** Migrations that wait for a lock. */
const waiting = () =>
  query(db, "select from pg_stat_activity where application_name = 'migrate' and wait_event_type = 'Lock'");

describe('migrate', () => {
  test('applies what is missing in order, and nothing the second time', async () => {
    expect(await run()).toEqual({ applied: ['service/0001-create-thing.sql', 'service/0002-add-thing.sql'] });
    expect(await run()).toEqual({ applied: [] });
    await write('0003-more.sql', 'alter table thing add column name text');
    expect(await run()).toEqual({ applied: ['service/0003-more.sql'] });
  });

  test('raced by replicas, applies each migration once', async () => {
    const results = await Promise.all([run(), run(), run()]);

    expect(results.flatMap(({ applied }) => applied).sort()).toEqual([
      'service/0001-create-thing.sql',
      'service/0002-add-thing.sql',
    ]);
    expect(await query(db, 'select id from thing')).toEqual([{ id: 1 }]);
  });

  test('waits for somebody who recorded a migration first, without our lock, and takes it as done', async () => {
    const other = await mkdtemp(join(tmpdir(), 'bijli-migrate-'));
    await migrate({ url: fresh.url, sources: [{ name: 'nothing', folder: other }] }); // makes the ledger
    const theirs = await db.transaction();
    const checksum = createHash('sha256').update(FIRST).digest('hex');
    await query(
      theirs,
      "insert into schema_migration (source, number, file, checksum) values ('service', 1, '0001-create-thing.sql', :checksum)",
      { checksum },
    );
    await query(theirs, FIRST);

    const ours = run();
    await until(async () => (await waiting()).length > 0, { describe: 'us waiting for them' });
    await theirs.commit();

    expect(await ours).toEqual({ applied: ['service/0002-add-thing.sql'] });
    await rm(other, { recursive: true });
  });

  test('lets others use a table that it waits for, and is applied when the table is free', async () => {
    await run();
    await write('0003-name-things.sql', 'alter table thing add column name text');
    const reader = await db.transaction();
    await query(reader, 'select id from thing');

    const ours = run();
    await until(async () => (await waiting()).length > 0, { describe: 'us waiting for the reader' });
    expect(await query(db, 'select id from thing')).toEqual([{ id: 1 }]);
    await reader.commit();

    expect(await ours).toEqual({ applied: ['service/0003-name-things.sql'] });
  });

  test('keeps the numbers of several sources apart', async () => {
    const other = await mkdtemp(join(tmpdir(), 'bijli-migrate-'));
    await writeFile(join(other, '0001-create-other.sql'), 'create table other ()');

    await migrate({
      url: fresh.url,
      sources: [
        { name: 'outbox', folder: other },
        { name: 'service', folder },
      ],
    });

    expect(await recorded()).toEqual([
      { source: 'outbox', number: 1 },
      { source: 'service', number: 1 },
      { source: 'service', number: 2 },
    ]);
    await rm(other, { recursive: true });
  });

  test('rolls a migration that fails back as a whole and keeps those before it', async () => {
    await write('0003-broken.sql', 'insert into thing values (3); select nonsense;');

    await expect(run()).rejects.toThrow('Migration service/0003-broken.sql failed');
    expect(await query(db, 'select id from thing')).toEqual([{ id: 1 }]);
    expect(await recorded()).toHaveLength(2);
  });

  test('refuses a file that was changed after it was applied', async () => {
    await run();
    await write('0001-create-thing.sql', `${FIRST} -- harmless`);

    await expect(run()).rejects.toThrow('0001-create-thing.sql was changed after it was applied');
  });

  test('refuses a gap in the numbers', async () => {
    await write('0004-too-far.sql', 'select 1');

    await expect(run()).rejects.toThrow('0004-too-far.sql should be number 3');
    await expect(recorded()).rejects.toMatchObject({ code: '42P01' }); // nothing was touched
  });

  test('refuses a name that does not say what it does', async () => {
    await write('0003-Oops.sql', 'select 1');

    await expect(run()).rejects.toThrow('named NNNN-what-it-does.sql');
  });

  test('refuses a database that is newer than the code', async () => {
    await run();
    await rm(join(folder, '0002-add-thing.sql'));

    await expect(run()).rejects.toThrow('newer than this code: migration service/2');
  });

  test('refuses a database in which an earlier migration is missing', async () => {
    await run();
    await query(db, 'delete from schema_migration where number = 1');

    await expect(run()).rejects.toThrow('migration service/1 is missing');
  });
});
