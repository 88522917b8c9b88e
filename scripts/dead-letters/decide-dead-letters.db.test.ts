import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { closeDatabase, type Database, migrate, openDatabase, query } from '@bijli/postgres';
import { freshDatabase } from '@bijli/testing';
import { sourcesOf } from '../start/migrations.ts';
import { decideDeadLetters, readDeadLetters } from './decide-dead-letters.ts';
import { printDeadLetters } from './print-dead-letters.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;

beforeAll(async () => {
  const prepare = async (url: string) => void (await migrate({ url, sources: sourcesOf('billing') }));
  database = await freshDatabase({ name: 'dead_letters', prepare });
  db = openDatabase({ url: database.url, applicationName: 'test', onIdleError: () => undefined });
});
beforeEach(async () => {
  await query(db, 'truncate dead_letter, dead_letter_replay, inbox, inbox_pending, inbox_key cascade', []);
  for (const offset of [7, 8])
    await query(
      db,
      `insert into dead_letter (subscription, topic, partition, record_offset, key, value, headers, received_at, reason, detail)
       values ('outages', 'outage.outage.v1', 3, ?, ?, '\\x00', '{}', now(), 'malformed', 'field status')`,
      [offset, `key-${offset}`],
    );
});
afterAll(async () => {
  await closeDatabase(db);
  await database.close();
});

const decision = { action: 'replay', id: null, who: 'operator-3', isDryRun: false } as const;
const pending = () => query<{ key: string }>(db, 'select key from inbox_pending order by key', []);
const audit = () => query(db, 'select action, who from dead_letter_replay order by id', []);

describe('dead letters', () => {
  test('that are replayed go back to their subscription, and it is written down who said so', async () => {
    expect((await decideDeadLetters(db, decision)).decided).toHaveLength(2);

    expect(await pending()).toEqual([{ key: 'key-7' }, { key: 'key-8' }]);
    expect(await audit()).toEqual([
      { action: 'replay', who: 'operator-3' },
      { action: 'replay', who: 'operator-3' },
    ]);
    expect(await readDeadLetters(db)).toEqual([]);
  });

  test('are decided one by one, and only once', async () => {
    const [first] = await readDeadLetters(db);
    const one = { ...decision, action: 'discard', id: first?.id ?? '' } as const;

    expect((await decideDeadLetters(db, one)).decided).toHaveLength(1);

    expect((await decideDeadLetters(db, one)).decided).toEqual([]);
    expect(await readDeadLetters(db)).toHaveLength(1);
    expect(await pending()).toEqual([]);
  });

  test('stay as they are in a dry run', async () => {
    expect((await decideDeadLetters(db, { ...decision, isDryRun: true })).decided).toHaveLength(2);

    expect(await readDeadLetters(db)).toHaveLength(2);
    expect(await audit()).toEqual([]);
  });

  test('that were masked are left alone by a replay, also by a dry one, and can be discarded', async () => {
    await query(
      db,
      `update dead_letter set headers = '{"odd":"\\u0000","bijli-masked":"malformed: x"}' where record_offset = 7`,
      [],
    );
    const left = { decided: [{ key: 'key-8' }], masked: [{ key: 'key-7' }] };

    expect(await decideDeadLetters(db, { ...decision, isDryRun: true })).toMatchObject(left);
    expect(await decideDeadLetters(db, decision)).toMatchObject(left);

    expect((await decideDeadLetters(db, { ...decision, action: 'discard' })).decided).toMatchObject([{ key: 'key-7' }]);
    expect(await pending()).toEqual([{ key: 'key-8' }]);
  });

  test('are shown with their place and reason, and without what is in them', async () => {
    const shown = printDeadLetters('notifier', await readDeadLetters(db));

    expect(shown).toMatch(
      /^notifier \d+ {2}malformed: field status\n {4}outage\.outage\.v1 \[3\] at 7, key key-7, heard by outages\n {4}died once/,
    );
  });
});
