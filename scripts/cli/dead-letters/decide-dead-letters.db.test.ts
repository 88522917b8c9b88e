import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { groupDeadLetters, listDeadLetters } from '@bijli/outbox';
import { closeDatabase, type Database, migrate, openDatabase, query } from '@bijli/postgres';
import { freshDatabase } from '@bijli/testing';
import { sourcesOf } from '@bijli/start/migrations';
import { decideDeadLetters } from './decide-dead-letters.ts';
import { printDeadLetters } from './print-dead-letters.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;

beforeAll(async () => {
  const prepare = async (url: string) => void (await migrate({ url, sources: sourcesOf('billing') }));
  database = await freshDatabase({ name: 'dead_letters', prepare });
  db = openDatabase({ url: database.url, applicationName: 'test', onIdleError: () => undefined });
});
beforeEach(async () => {
  await query(db, 'truncate dead_letter, dead_letter_replay, inbox, inbox_pending, inbox_key cascade');
  for (const offset of [7, 8])
    await query(
      db,
      `insert into dead_letter (subscription, topic, partition, record_offset, key, value, headers, received_at, reason, detail)
       values ('outages', 'outage.outage.v1', 3, :offset, :key, '\\x00', '{}', now(), 'malformed', 'field status')`,
      { offset, key: `key-${offset}` },
    );
});
afterAll(async () => {
  await closeDatabase(db);
  await database.close();
});

const decision = { action: 'replay', filter: {}, who: 'operator-3', isDryRun: false } as const;
const pending = () => query<{ key: string }>(db, 'select key from inbox_pending order by key');
const audit = () => query(db, 'select action, who from dead_letter_replay order by id');

describe('dead letters', () => {
  test('that are replayed go back to their subscription, and it is written down who said so', async () => {
    expect((await decideDeadLetters(db, decision)).decided).toHaveLength(2);

    expect(await pending()).toEqual([{ key: 'key-7' }, { key: 'key-8' }]);
    expect(await audit()).toEqual([
      { action: 'replay', who: 'operator-3' },
      { action: 'replay', who: 'operator-3' },
    ]);
    expect(await listDeadLetters(db)).toEqual([]);
  });

  test('that stand behind a batch which is read again wait for it, and all behind them in their partition', async () => {
    await query(db, `update dead_letter set record_offset = 5, last_offset = 6 where record_offset = 7`);
    await query(
      db,
      `insert into dead_letter (subscription, topic, partition, record_offset, key, value, headers, received_at, reason, detail)
       values ('outages', 'outage.outage.v1', 3, 9, 'key-9', '\\x00', '{}', now(), 'malformed', 'field status'),
              ('outages', 'outage.outage.v1', 4, 9, 'key-of-4', '\\x00', '{}', now(), 'malformed', 'field status')`,
    );

    const { decided, behind } = await decideDeadLetters(db, decision, { patienceMs: 0 });
    const dry = await decideDeadLetters(db, { ...decision, isDryRun: true });

    expect([decided.map(({ offset }) => offset), behind.map(({ offset }) => offset)]).toEqual([
      [5n, 9n],
      [8n, 9n],
    ]);
    expect(await pending()).toEqual([{ key: 'key-of-4' }]);
    expect([dry.decided, dry.behind.map(({ offset }) => offset)]).toEqual([[], [8n, 9n]]);

    await query(db, 'delete from topic_reading');
    expect((await decideDeadLetters(db, decision, { patienceMs: 0 })).decided).toHaveLength(2);
    expect(await pending()).toEqual([{ key: 'key-8' }, { key: 'key-9' }, { key: 'key-of-4' }]);
  });

  test('are decided one by one, and only once', async () => {
    const [first] = await listDeadLetters(db);
    const one = { ...decision, action: 'discard', filter: { id: first?.id } } as const;

    expect((await decideDeadLetters(db, one)).decided).toHaveLength(1);

    expect((await decideDeadLetters(db, one)).decided).toEqual([]);
    expect(await listDeadLetters(db)).toHaveLength(1);
    expect(await pending()).toEqual([]);
  });

  test('are decided so many in one call, which tells that there are more', async () => {
    const first = await decideDeadLetters(db, decision, { most: 1 });
    const second = await decideDeadLetters(db, decision, { most: 1 });

    expect([first.decided.length, first.isMore, second.decided.length, second.isMore]).toEqual([1, true, 1, false]);
  });

  test('stay as they are in a dry run', async () => {
    expect((await decideDeadLetters(db, { ...decision, isDryRun: true })).decided).toHaveLength(2);

    expect(await listDeadLetters(db)).toHaveLength(2);
    expect(await audit()).toEqual([]);
  });

  test('are decided about by their reason, subscription and time as well', async () => {
    await query(
      db,
      `update dead_letter set reason = 'refused', latest_died_at = now() - interval '2 hours' where record_offset = 7`,
    );
    const decided = async (filter: object) =>
      (await decideDeadLetters(db, { ...decision, isDryRun: true, filter })).decided.map(({ key }) => key);
    const anHourAgo = new Date(Date.now() - 3_600_000);

    expect(await decided({ reason: 'refused' })).toEqual(['key-7']);
    expect(await decided({ reason: 'refused', since: anHourAgo })).toEqual([]);
    expect(await decided({ since: anHourAgo })).toEqual(['key-8']);
    expect(await decided({ subscription: 'outages' })).toEqual(['key-7', 'key-8']);
    expect(await decided({ subscription: 'accounts' })).toEqual([]);
  });

  test('are counted by subscription and reason, the most frequent first', async () => {
    await query(
      db,
      `insert into dead_letter (subscription, topic, partition, record_offset, key, headers, received_at, reason, detail)
       select 'outages', 'outage.outage.v1', 0, n, '', '{}', now(), 'not-framed', '' from generate_series(100, 104) as n`,
    );

    expect(await groupDeadLetters(db)).toMatchObject([
      { subscription: 'outages', reason: 'not-framed', waiting: 5 },
      { subscription: 'outages', reason: 'malformed', waiting: 2 },
    ]);
    expect(await groupDeadLetters(db, { reason: 'malformed' })).toHaveLength(1);
  });

  test('that were masked are left alone by a replay, also by a dry one, and can be discarded', async () => {
    await query(
      db,
      `update dead_letter set headers = '{"odd":"\\u0000","bijli-masked":"malformed: x"}' where record_offset = 7`,
    );
    const left = { decided: [{ key: 'key-8' }], masked: [{ key: 'key-7' }] };

    expect(await decideDeadLetters(db, { ...decision, isDryRun: true })).toMatchObject(left);
    expect(await decideDeadLetters(db, decision)).toMatchObject(left);

    expect((await decideDeadLetters(db, { ...decision, action: 'discard' })).decided).toMatchObject([{ key: 'key-7' }]);
    expect(await pending()).toEqual([{ key: 'key-8' }]);
  });

  test('are shown with their place and reason, and without what is in them', async () => {
    const shown = printDeadLetters('notifier', await listDeadLetters(db));

    expect(shown).toMatch(
      /^notifier \d+ {2}malformed: field status\n {4}outage\.outage\.v1 \[3\] at 7, key key-7, heard by outages\n {4}died once/,
    );
  });
});
