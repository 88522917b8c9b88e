import { type Database, execute, query, withTransaction } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { istDay } from '@bijli/units';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { matchOrphans } from '../src/store/receipts/match-orphans.ts';
import { foldLateCounts } from '../src/store/runs/end-run.ts';
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

/** The seqs of the messages whose receipts are stored, of one day where it is named. */
async function stored(day: string | null = null): Promise<number[]> {
  const rows = await query<{ seq: number }>(
    db,
    `select unnest(seqs) as seq from receipt_pack where :day::date is null or arrival_day = :day::date order by 1`,
    { day },
  );
  return rows.map(({ seq }) => seq);
}

/** What matches nothing yet. */
const waiting = () => query<object>(db, 'select * from orphan_receipt');

describe('a receipt', () => {
  test('is recorded and counted when its handler resolves', async () => {
    const handsets = await both();

    await notifier.take([
      receipt('m-1', handsets.get('m-1') ?? ''),
      receipt('m-2', handsets.get('m-2') ?? '', { state: 'UNDELIV' }),
    ]);

    expect((await notifier.counts()).parts).toEqual({ accepted: 2, delivered: 1, failed: 1, other: {}, awaited: 0 });
    expect(await stored(istDay(new Date()))).toEqual([1, 2]);
  });

  test('is stored each time it comes and counted once, whatever comes after the end', async () => {
    const handsets = await both();
    const handset = handsets.get('m-1') ?? '';

    for (const state of ['ENROUTE', 'DELIVRD', 'DELIVRD', 'EXPIRED'] as const)
      await notifier.take([receipt('m-1', handset, { state })]);

    expect((await notifier.counts()).parts).toMatchObject({ delivered: 1, failed: 0 });
    expect(await stored()).toEqual([1, 1, 1, 1]);
  });

  test('that came days before a text with its id is not of that text', async () => {
    await notifier.take([receipt('m-1', '919811111101'), receipt('m-1', '919811111102')]);
    await execute(db, `update orphan_receipt set arrived_at = now() - interval '3 days'`);
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
    expect(await waiting()).toHaveLength(1);
  });

  test('that comes after a restart is found in the ledger', async () => {
    const handsets = await both();
    notifier.restart();
    await notifier.take([receipt('m-1', handsets.get('m-1') ?? ''), receipt('m-1', handsets.get('m-1') ?? '')]);
    expect((await notifier.counts()).parts.delivered).toBe(0);

    await notifier.sweep();

    expect((await notifier.counts()).parts).toEqual({ accepted: 2, delivered: 1, failed: 0, other: {}, awaited: 1 });
    expect(await waiting()).toEqual([]);
    expect(await stored()).toEqual([1, 1]);
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
    const input = { arrivalDay: today, oldestRunDay: today, mode: 'all', againAfterSeconds: 60 } as const;

    let other: ReturnType<typeof matchOrphans> | undefined;
    await withTransaction(db, async (tx) => {
      await matchOrphans(tx, input);
      other = withTransaction(db, (otherTx) => matchOrphans(otherTx, input));
      await until(async () => (await query(db, 'select from pg_locks where not granted')).length > 0 || null, {
        describe: 'the other replica to wait',
      });
    });

    expect(await other).toEqual({ matched: 0, looked: 0 });
    expect((await notifier.counts()).parts.delivered).toBe(1);
  });

  test('with a NUL in its id does not keep the others from being recorded', async () => {
    const handsets = await both();

    await notifier.take([receipt('m\0-9', '919811111101'), receipt('m-1', handsets.get('m-1') ?? '')]);

    expect((await notifier.counts()).parts.delivered).toBe(1);
    expect(await waiting()).toHaveLength(1);
  });

  test('that came after its run had ended is folded into the counts, which say the same after that', async () => {
    const handsets = await both();
    await notifier.take([receipt('m-1', handsets.get('m-1') ?? '')]);
    await notifier.take([receipt('m-2', handsets.get('m-2') ?? '', { state: 'UNDELIV' })]);
    const before = await notifier.counts();
    expect(await query(db, 'select from count_change')).toHaveLength(2);

    await foldLateCounts(db);

    expect(await query(db, 'select from count_change')).toEqual([]);
    expect(await notifier.counts()).toEqual(before);
  });

  test('keeps no number where it matches nothing', async () => {
    await notifier.take([receipt('unknown', '919811111101')]);

    expect(JSON.stringify(await waiting())).not.toContain('9811111101');
  });
});
