import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeDatabase, type Database, migrate, openDatabase, query } from '@bijli/postgres';
import { type FreshDatabase, freshDatabase, until } from '@bijli/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const DAY = '2026-01-30';
/** Whoever waits for a lock in the database of this test. */
const WAITING = `select from pg_locks l join pg_database d on d.oid = l.database
  where not l.granted and d.datname = current_database()`;
const ATTEMPT = `insert into attempt (run_day, run_id, chunk_no, seq, part_no, epoch, outcome, smpp_status, provider, recorded_at)
  values ('${DAY}', gen_random_uuid(), 1, 1, 1, 1, 'rejected', 11, 'test', now())`;

let fresh: FreshDatabase;
let db: Database;
let folder: string;

beforeEach(async () => {
  fresh = await freshDatabase({ name: 'notifier_migrations', prepare: async () => undefined });
  db = openDatabase({ url: fresh.url, applicationName: 'notifier-test', onIdleError: () => undefined });
  folder = await mkdtemp(join(tmpdir(), 'bijli-migrations-'));
});
afterEach(async () => {
  await closeDatabase(db);
  await fresh.close();
  await rm(folder, { recursive: true });
});

/** Brings the database to the state after migration `last`. */
async function migrateTo(last: number): Promise<void> {
  for (const file of await readdir(MIGRATIONS))
    if (Number(file.slice(0, 4)) <= last) await cp(join(MIGRATIONS, file), join(folder, file));
  await migrate({ url: fresh.url, sources: [{ name: 'service', folder }] });
}

describe('0006, which keeps what carriers say', () => {
  /** The files in which the attempts of the day lie. */
  const files = () => query(db, `select pg_relation_filenode('attempt_20260130') as file`);

  test('writes no attempt anew, and what code from before writes is still taken', async () => {
    await migrateTo(5);
    await query(db, 'select open_day(:day::date)', { day: DAY });
    await query(db, ATTEMPT);
    const before = await files();

    await migrateTo(6);
    await query(db, ATTEMPT);

    expect(await files()).toEqual(before);
    expect(await query(db, 'select smpp_status, command_status from attempt')).toEqual([
      { smpp_status: 11, command_status: null },
      { smpp_status: 11, command_status: null },
    ]);
  });

  test('waits for a matching of receipts under way without standing in its way', async () => {
    await migrateTo(5);
    const matching = await db.transaction();
    await query(matching, 'select from orphan_receipt');

    const migrated = migrateTo(6);
    await until(async () => (await query(db, WAITING)).length > 0, {
      describe: 'the migration to wait',
    });
    await query(matching, `set local lock_timeout = '100ms'`);
    await query(matching, 'select from attempt');
    await query(matching, 'delete from orphan_receipt');
    await matching.commit();

    await migrated;
    expect(await query(db, 'select other_message_id from orphan_receipt')).toEqual([]);
  });
});
