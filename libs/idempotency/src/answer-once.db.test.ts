import { closeDatabase, type Database, migrate, openDatabase, query } from '@bijli/postgres';
import { type FreshDatabase, freshDatabase, until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { type Answer, answerOnce } from './answer-once.ts';

let fresh: FreshDatabase;
let db: Database;
const sources = [{ name: 'outbox', folder: join(import.meta.dirname, '../../outbox/migrations') }];

beforeAll(async () => {
  fresh = await freshDatabase({ name: 'answer_once', prepare: async (url) => void (await migrate({ url, sources })) });
  db = openDatabase({ url: fresh.url, applicationName: 'answer once', onIdleError: () => undefined });
});
afterAll(async () => {
  await closeDatabase(db);
  await fresh.close();
});

const CREATED: Answer = { status: 201, body: { id: 'o-1', list: [1, null] }, headers: { location: '/v1/outages/o-1' } };

/** The answer of before, marked as such. */
const again = (answer: Answer): Answer => ({
  ...answer,
  headers: { ...answer.headers, 'idempotent-replayed': 'true' },
});

/** Asks once, and counts how often the work was done. */
function asker() {
  let worked = 0;
  const ask = (idempotencyKey: string | undefined, request: unknown, answer: Answer = CREATED, operation = 'report') =>
    answerOnce(db, { operation, idempotencyKey, request }, async () => {
      worked += 1;
      return { isKept: true, answer };
    });
  return { ask, worked: () => worked };
}

describe('answerOnce', () => {
  test('gives a repeat the answer of the first and does the work once', async () => {
    const { ask, worked } = asker();

    const first = await ask('k1', { feeder: 'F-1', at: { b: 1, a: 2 } });
    const second = await ask('k1', { at: { a: 2, b: 1 }, feeder: 'F-1' }); // the order of fields means nothing

    expect(first).toEqual(CREATED);
    expect(second).toEqual(again(CREATED));
    expect(worked()).toBe(1);
  });

  test('refuses the key for another request', async () => {
    const { ask } = asker();
    await ask('k2', { feeder: 'F-1' });

    expect(await ask('k2', { feeder: 'F-2' })).toBe('key-reused');
  });

  test('keeps operations apart, and remembers a refusal as well', async () => {
    const { ask } = asker();
    await ask('k3', {}, { status: 409, body: { code: 'already-restored' } });

    expect(await ask('k3', {})).toEqual(again({ status: 409, body: { code: 'already-restored' } }));
    expect(await ask('k3', {}, CREATED, 'restore')).toEqual(CREATED);
  });

  test('simply works without a key', async () => {
    const { ask, worked } = asker();

    await ask(undefined, {});
    await ask(undefined, {});

    expect(worked()).toBe(2);
  });

  test('forgets what was rolled back', async () => {
    const { ask, worked } = asker();
    const failing = answerOnce(db, { operation: 'report', idempotencyKey: 'k4', request: {} }, () =>
      Promise.reject(new Error('broke')),
    );

    await expect(failing).rejects.toThrow('broke');
    await ask('k4', {});

    expect(worked()).toBe(1);
  });

  test('lets the second of two at once wait for the first', async () => {
    const release = Promise.withResolvers<void>();
    const { ask, worked } = asker();
    const first = answerOnce(db, { operation: 'report', idempotencyKey: 'k5', request: {} }, async () => {
      await release.promise;
      return { isKept: true, answer: CREATED };
    });
    await until(
      async () => (await query(db, "select 1 from pg_stat_activity where state = 'idle in transaction'")).length > 0,
      { describe: 'the first at work' },
    );

    const second = ask('k5', {});
    await until(
      async () => (await query(db, "select 1 from pg_stat_activity where wait_event = 'transactionid'")).length > 0,
      { describe: 'the second waiting' },
    );
    release.resolve();

    expect(await Promise.all([first, second])).toEqual([CREATED, again(CREATED)]);
    expect(worked()).toBe(0);
  });
});

describe('what is not kept', () => {
  const once = { operation: 'report', idempotencyKey: 'k6', request: {} };

  test('is answered and rolled back, and the same key is taken again', async () => {
    const refusal = { status: 404, contentType: 'application/problem+json', body: { code: 'unknown-account' } };
    const refused = await answerOnce(db, once, async (tx) => {
      await query(tx, 'create table half_done ()');
      return { isKept: false, answer: refusal };
    });

    expect(refused).toBe(refusal);
    expect(await query(db, `select to_regclass('half_done') as there`)).toEqual([{ there: null }]);
    expect(await answerOnce(db, once, () => Promise.resolve({ isKept: true, answer: CREATED }))).toEqual(CREATED);
    expect(await answerOnce(db, once, () => Promise.reject(new Error('not again')))).toEqual(again(CREATED));
  });

  test('passes on what goes wrong', async () => {
    const failing = answerOnce(db, { ...once, idempotencyKey: 'k7' }, () => Promise.reject(new Error('a bug')));

    await expect(failing).rejects.toThrow('a bug');
  });
});
