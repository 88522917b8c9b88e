import { type Database, withTransaction, query } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { istDay } from '@bijli/units';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { matchOrphans } from '../src/store/match-orphans.ts';
import { notifierDatabase } from './notifier-database.ts';
import { EMPTY_TABLES, type Receiving, receipt, receiving } from './receiving.ts';
import { settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let notifier: Receiving;

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await settle(db, [
    { account: '1000000001', node: 'F-2', mobile: '9811111101' },
    { account: '1000000002', node: 'F-2', mobile: '9811111102' },
  ]);
  notifier = receiving(db);
});
afterAll(() => database.close());

/** Sends the two texts of a run; their message ids are m-1 and m-2. */
const both = () => notifier.sendAll({ nodeIds: ['F-2'] }, 2);

describe('a receipt', () => {
  test('is recorded and counted when its handler resolves', async () => {
    const handsets = await both();

    await notifier.take([
      receipt('m-1', handsets.get('m-1') ?? ''),
      receipt('m-2', handsets.get('m-2') ?? '', { state: 'UNDELIV' }),
    ]);

    expect((await notifier.counts()).parts).toEqual({ accepted: 2, delivered: 1, failed: 1, other: {}, awaited: 0 });
    expect(await db('receipt').where({ arrival_day: istDay(new Date()) })).toHaveLength(2);
  });

  test('is stored each time it comes and counted once, whatever comes after the end', async () => {
    const handsets = await both();
    const handset = handsets.get('m-1') ?? '';

    for (const state of ['ENROUTE', 'DELIVRD', 'DELIVRD', 'EXPIRED'] as const)
      await notifier.take([receipt('m-1', handset, { state })]);

    expect((await notifier.counts()).parts).toMatchObject({ delivered: 1, failed: 0 });
    expect(await db('receipt')).toHaveLength(4);
  });

  test('that came days before a text with its id is not of that text', async () => {
    await notifier.take([receipt('m-1', '919811111101'), receipt('m-1', '919811111102')]);
    await db('orphan_receipt').update({ arrived_at: new Date(Date.now() - 3 * 86_400_000) });
    const handsets = await both();

    await notifier.sweep();
    await notifier.take([receipt('m-1', handsets.get('m-1') ?? '', { state: 'UNDELIV' })]);

    expect((await notifier.counts()).parts).toMatchObject({ delivered: 0, failed: 1, awaited: 1 });
  });

  test('of another handset under the same id is kept apart', async () => {
    await both();

    await notifier.take([receipt('m-1', '919899999999')]);
    await notifier.sweep();

    expect((await notifier.counts()).parts.delivered).toBe(0);
    expect(await db('orphan_receipt')).toHaveLength(1);
  });

  test('that comes after a restart is found in the ledger', async () => {
    const handsets = await both();
    notifier.restart();
    await notifier.take([receipt('m-1', handsets.get('m-1') ?? ''), receipt('m-1', handsets.get('m-1') ?? '')]);
    expect((await notifier.counts()).parts.delivered).toBe(0);

    await notifier.sweep();

    expect((await notifier.counts()).parts).toEqual({ accepted: 2, delivered: 1, failed: 0, other: {}, awaited: 1 });
    expect(await db('orphan_receipt')).toEqual([]);
    expect(await db('receipt')).toHaveLength(2);
  });

  test('that is repeated after it had come before its submit response counts once', async () => {
    // Which of the two gets m-1 is not known yet: one of these receipts matches.
    const early = ['919811111101', '919811111102'].map((handset) => receipt('m-1', handset));
    await notifier.take(early);
    await both();
    await notifier.sweep();
    expect((await notifier.counts()).parts.delivered).toBe(1);

    await notifier.take(early);

    expect((await notifier.counts()).parts).toEqual({ accepted: 2, delivered: 1, failed: 0, other: {}, awaited: 1 });
  });

  test('that two replicas look up at once counts once', async () => {
    const handsets = await both();
    notifier.restart();
    await notifier.take([receipt('m-1', handsets.get('m-1') ?? '')]);
    const today = istDay(new Date());
    const input = { arrivalDay: today, oldestRunDay: today, mode: 'all' } as const;

    let other: Promise<number> | undefined;
    await withTransaction(db, async (tx) => {
      await matchOrphans(tx, input);
      other = withTransaction(db, (otherTx) => matchOrphans(otherTx, input));
      await until(async () => (await query(db, 'select from pg_locks where not granted')).length > 0 || null, {
        describe: 'the other replica to wait',
      });
    });

    expect(await other).toBe(0);
    expect((await notifier.counts()).parts.delivered).toBe(1);
  });

  test('with a NUL in its id does not keep the others from being recorded', async () => {
    const handsets = await both();

    await notifier.take([receipt('m\0-9', '919811111101'), receipt('m-1', handsets.get('m-1') ?? '')]);

    expect((await notifier.counts()).parts.delivered).toBe(1);
    expect(await db('orphan_receipt')).toHaveLength(1);
  });

  test('keeps no number where it matches nothing', async () => {
    await notifier.take([receipt('unknown', '919811111101')]);

    expect(JSON.stringify(await db('orphan_receipt'))).not.toContain('9811111101');
  });
});
