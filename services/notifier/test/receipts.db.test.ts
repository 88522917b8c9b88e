import { type Database, withTransaction } from '@bijli/postgres';
import { openLog, type Part } from '@bijli/service';
import { until } from '@bijli/testing';
import { istDay } from '@bijli/units';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { dispatcher } from '../src/dispatch/dispatcher.ts';
import { outcomeRecorder } from '../src/dispatch/outcome-recorder.ts';
import { sendWindow } from '../src/dispatch/send-window.ts';
import { type RunCounts, runCounts } from '../src/domain/run-counts.ts';
import { orphanSweeper } from '../src/receipts/orphan-sweeper.ts';
import { type ReceiptBook, receiptBook } from '../src/receipts/receipt-book.ts';
import { receiptRecorder } from '../src/receipts/receipt-recorder.ts';
import { receiptTraces } from '../src/receipts/receipt-traces.ts';
import { takeReceipts } from '../src/receipts/take-receipts.ts';
import type { DeliveryReceipt } from '../src/smpp/index.ts';
import { findRuns } from '../src/store/find-runs.ts';
import { matchOrphans } from '../src/store/match-orphans.ts';
import { openCatalogue } from '../src/templates/catalogue.ts';
import { accepting, linkOf } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { blindIndexKey, outage, plan, sealKeys, settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let book: ReceiptBook;
const log = openLog('test', 'silent');

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await db.raw(
    'truncate run, audience, audience_version, ledger, attempt, receipt, orphan_receipt, count_delta cascade',
  );
  await settle(db, [
    { account: '1000000001', node: 'F-2', mobile: '9811111101' },
    { account: '1000000002', node: 'F-2', mobile: '9811111102' },
  ]);
  book = receiptBook(100);
});
afterAll(() => database.close());

/** Sends the two texts of the run; their message ids are m-1 and m-2. @returns the handsets by id. */
async function sendBoth(): Promise<Map<string, string>> {
  const handsets = new Map<string, string>();
  await plan(db, outage({ nodeIds: ['F-2'] }));
  const sender = dispatcher(
    {
      db,
      link: linkOf(accepting()),
      provider: 'test',
      catalogue: openCatalogue(),
      sealKeys,
      outcomes: outcomeRecorder(db, { onFailure: (error) => console.error(error), retryAfterMs: () => 50 }),
      window: sendWindow(100),
      sliceSize: 50,
      log,
      onAccepted: (part) => {
        handsets.set(part.providerMessageId, part.destination);
        book.enter(part);
      },
    },
    { workers: 1, idleMs: 20 },
  );
  await sender.start();
  await until(async () => (await counts()).accepted === 2, { describe: 'both texts to be accepted' });
  await sender.stop();
  return handsets;
}

async function counts(): Promise<RunCounts> {
  const [run] = await findRuns(db, { limit: 1 });
  if (run === undefined) throw new Error('no run');
  return runCounts(run.measures, run.audienceSize, run.endedAt !== null);
}

function receipt(messageId: string, handset: string, state: DeliveryReceipt['state'] = 'DELIVRD'): DeliveryReceipt {
  return {
    messageId,
    otherMessageId: undefined,
    state,
    errorCode: '000',
    doneDate: '2601301405',
    handset,
    otherAddress: '',
  };
}

function taker() {
  const recorder = receiptRecorder(db, receiptTraces(), {
    onFailure: (error) => console.error(error),
    retryAfterMs: () => 50,
  });
  return takeReceipts({ book, recorder, provider: 'test', blindIndexKey });
}

async function sweepOnce(): Promise<void> {
  const sweeper: Part = orphanSweeper({ db, log, everyMs: 60_000 });
  await sweeper.start();
  await sweeper.stop();
}

describe('a receipt', () => {
  test('is recorded and counted when its handler resolves', async () => {
    const handsets = await sendBoth();

    await taker()([receipt('m-1', handsets.get('m-1') ?? ''), receipt('m-2', handsets.get('m-2') ?? '', 'UNDELIV')]);

    expect((await counts()).parts).toEqual({ accepted: 2, delivered: 1, failed: 1, awaited: 0 });
    expect(await db('receipt').where({ arrival_day: istDay(new Date()) })).toHaveLength(2);
  });

  test('is stored each time it comes and counted once, whatever comes after the end', async () => {
    const handsets = await sendBoth();
    const take = taker();
    const handset = handsets.get('m-1') ?? '';

    for (const state of ['ENROUTE', 'DELIVRD', 'DELIVRD', 'EXPIRED'] as const)
      await take([receipt('m-1', handset, state)]);

    expect((await counts()).parts).toMatchObject({ delivered: 1, failed: 0 });
    expect(await db('receipt')).toHaveLength(4);
  });

  test('of another handset under the same id is kept apart', async () => {
    await sendBoth();

    await taker()([receipt('m-1', '919899999999')]);
    await sweepOnce();

    expect((await counts()).parts.delivered).toBe(0);
    expect(await db('orphan_receipt')).toHaveLength(1);
  });

  test('that comes after a restart is found in the ledger', async () => {
    const handsets = await sendBoth();
    book = receiptBook(100);
    await taker()([receipt('m-1', handsets.get('m-1') ?? ''), receipt('m-1', handsets.get('m-1') ?? '')]);
    expect((await counts()).parts.delivered).toBe(0);

    await sweepOnce();

    expect((await counts()).parts).toEqual({ accepted: 2, delivered: 1, failed: 0, awaited: 1 });
    expect(await db('orphan_receipt')).toEqual([]);
    expect(await db('receipt')).toHaveLength(2);
  });

  test('that is repeated after it had come before its submit response counts once', async () => {
    // Which of the two gets m-1 is not known yet: one of these receipts matches.
    const early = ['919811111101', '919811111102'].map((handset) => receipt('m-1', handset));
    await taker()(early);
    await sendBoth();
    await sweepOnce();
    expect((await counts()).parts.delivered).toBe(1);

    await taker()(early);

    expect((await counts()).parts).toEqual({ accepted: 2, delivered: 1, failed: 0, awaited: 1 });
  });

  test('that two replicas look up at once counts once', async () => {
    const handsets = await sendBoth();
    book = receiptBook(100);
    await taker()([receipt('m-1', handsets.get('m-1') ?? '')]);
    const today = istDay(new Date());
    const input = { arrivalDay: today, oldestRunDay: today };

    let other: Promise<number> | undefined;
    await withTransaction(db, async (tx) => {
      await matchOrphans(tx, input);
      other = withTransaction(db, (otherTx) => matchOrphans(otherTx, input));
      await until(async () => (await db.raw('select from pg_locks where not granted')).rowCount > 0 || null, {
        describe: 'the other replica to wait',
      });
    });

    expect(await other).toBe(0);
    expect((await counts()).parts.delivered).toBe(1);
  });

  test('with a NUL in its id does not keep the others from being recorded', async () => {
    const handsets = await sendBoth();

    await taker()([receipt('m\0-9', '919811111101'), receipt('m-1', handsets.get('m-1') ?? '')]);

    expect((await counts()).parts.delivered).toBe(1);
    expect(await db('orphan_receipt')).toHaveLength(1);
  });

  test('keeps no number where it matches nothing', async () => {
    await taker()([receipt('unknown', '919811111101')]);

    expect(JSON.stringify(await db('orphan_receipt'))).not.toContain('9811111101');
  });
});
