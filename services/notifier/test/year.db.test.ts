import type { AccountEvent } from '@bijli/events';
import { openLog } from '@bijli/service';
import { type Database, execute, query, type Transaction, withTransaction } from '@bijli/postgres';
import { istDay } from '@bijli/units';
import { until } from '@bijli/testing';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planRun } from '../src/domain/plan-run.ts';
import { outageState } from '../src/domain/outage-state.ts';
import { storeRun } from '../src/plan/store-run.ts';
import { noteArrivals } from '../src/store/audience/note-arrivals.ts';
import { expandBroadcast } from '../src/store/chunks/expand-broadcast.ts';
import { holdChunks } from '../src/store/chunks/hold-chunks.ts';
import { findSettled } from '../src/store/messages/find-settled.ts';
import { markAmbiguous } from '../src/store/messages/find-pending.ts';
import { recordAccepted } from '../src/store/messages/record-accepted.ts';
import { recordStates } from '../src/store/messages/record-states.ts';
import { matchOrphans } from '../src/store/receipts/match-orphans.ts';
import { recordReceipts } from '../src/store/receipts/record-receipts.ts';
import { endRun } from '../src/store/runs/end-run.ts';
import { findRuns } from '../src/store/runs/find-runs.ts';
import { measureBacklog } from '../src/store/runs/measure-backlog.ts';
import { openDay } from '../src/store/runs/open-day.ts';
import { onAccount } from '../src/subscriptions/on-account.ts';
import { keepDays } from '../src/watch/keep-days.ts';
import { notifierDatabase } from './notifier-database.ts';
import { accountEvent, complaintEvent, hearComplaints, payment } from './personal-news.ts';
import { idOf, outage, plan, settle } from './town-of-six.ts';
import { inEachLane } from './sending.ts';

const DAY_MS = 86_400_000;
const YEAR = 400;
const today = istDay(new Date());
const oldestRunDay = istDay(new Date(Date.now() - 9 * DAY_MS));
const log = openLog('test', 'silent');

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
  await settle(db, [
    { account: '1000000001', node: 'DT-1', mobile: '9811111101' },
    { account: '1000000002', node: 'DT-2', mobile: '9811111102' },
  ]);
  // A transaction holds a lock on each of its new tables: some days at a time.
  for (let first = 1; first < YEAR; first += 20)
    await execute(db, `select open_day(:today::date - n) from generate_series(:first::int, :first::int + 19) n`, {
      today,
      first,
    });
}, 180_000);
afterAll(() => database.close());

/**
 * The most days of one table that an act has looked at. A statement locks each partition that its plan names: what the planner leaves alone
 * costs nothing, however long the ledger is kept.
 */
async function daysOf(act: (tx: Transaction) => Promise<unknown>): Promise<number> {
  return withTransaction(db, async (tx) => {
    await act(tx);
    const [most] = await query<{ n: number }>(
      tx,
      `select coalesce(max(n), 0)::int as n
         from (select count(distinct c.oid) as n from pg_locks l join pg_class c on c.oid = l.relation and c.relkind = 'r'
                where l.pid = pg_backend_pid() and c.relname ~ '_[0-9]{8}$' group by left(c.relname, -9)) each`,
    );
    return most?.n ?? 0;
  });
}

/** On which all that is asked of a message is asked. */
const message = (runId: string) => ({ runDay: today, runId, chunkNo: 1, seq: 1 });
const heard = <E>(event: E) => ({ event, context: ROOT_CONTEXT, receivedAt: new Date() });

describe('after a year', () => {
  test('an outage is planned, expanded, sent and ended within its day', async () => {
    let runId = '';
    const event = outage({ aggregateId: '00000000-0000-7000-8000-00000000000e' });
    const input = { traceparent: null, now: new Date(), largestAudience: 9, confirmAbove: 9 };
    expect(
      await daysOf(async (tx) => {
        runId = crypto.randomUUID();
        await storeRun(tx, planRun(event, new Date()), { ...input, runId, outage: outageState(event) });
      }),
    ).toBeLessThanOrEqual(1);
    const [chunk] = await holdChunks(db, {
      holderId: runId,
      dead: [],
      room: inEachLane(9),
      mostOfRun: 9,
      partStride: 1,
    });
    if (chunk?.facts == null) throw new Error('no chunk');
    expect(
      await daysOf((tx) =>
        expandBroadcast(tx, chunk, 'planned.same-day', { isRepeat: false, newTimePauseSeconds: 600 }),
      ),
    ).toBe(1);
    await execute(db, 'update chunk set cursor = 2 where run_id = :runId', { runId });

    const pack = { runDay: today, runId, chunkNo: 1, epoch: chunk.epoch, parts: 1, seqs: [1], messageIds: ['m1'] };
    expect(await daysOf((tx) => recordAccepted(tx, [pack], { holderId: runId, flushNo: 1 }, 'test'))).toBe(1);
    const state = {
      sendNo: 1,
      epoch: 1,
      state: 'ambiguous',
      commandStatus: null,
      provider: 'test',
      messageIds: null,
    } as const;
    expect(
      await daysOf((tx) => recordStates(tx, [{ ...message(runId), seq: 2, ...state, recordedAt: new Date() }])),
    ).toBe(1);
    expect(await daysOf((tx) => markAmbiguous(tx, { ...chunk, cursor: 2 }, 'test'))).toBe(1);
    expect(await daysOf((tx) => findSettled(tx as unknown as Database, [message(runId)]))).toBe(1);
    await execute(db, `update chunk set state = 'done' where run_id = :runId`, { runId });
    expect(await daysOf((tx) => endRun(tx, runId))).toBe(1);
    expect(await daysOf((tx) => findRuns(tx as unknown as Database, { limit: 50 }))).toBe(1);
    expect(await daysOf((tx) => measureBacklog(tx))).toBeLessThanOrEqual(1);
  });

  test('what was told is asked of the days of the runs that told it', async () => {
    await plan(
      db,
      outage({
        aggregateId: '00000000-0000-7000-8000-00000000000e',
        version: 2,
        type: 'SupplyRestored',
        status: 'restored',
        restoredAt: new Date(),
      }),
    );
    const [chunk] = await holdChunks(db, {
      holderId: crypto.randomUUID(),
      dead: [],
      room: inEachLane(9),
      mostOfRun: 9,
      partStride: 1,
    });
    if (chunk?.facts == null) throw new Error('no chunk');
    expect(
      await daysOf((tx) =>
        expandBroadcast(tx, chunk, 'planned.same-day', { isRepeat: false, newTimePauseSeconds: 600 }),
      ),
    ).toBe(1);
  });

  test('who comes later is looked up in the days of the runs that stand', async () => {
    await plan(db, outage({ aggregateId: '00000000-0000-7000-8000-00000000000f' }));
    expect(await daysOf((tx) => noteArrivals(tx, { connectionIds: [idOf('1000000001')], nodeIds: ['DT-1'] }))).toBe(1);
  });

  test('a receipt looks at days on which its text may have been sent', async () => {
    const [run] = await findRuns(db, { limit: 1 });
    const receipt = {
      arrivalDay: today,
      arrivedAt: new Date(),
      provider: 'test',
      stat: 'DELIVRD',
      errorCode: null,
      partStride: 1,
      partNo: 1,
      parts: 1,
      acceptedParts: 1,
    };
    expect(await daysOf((tx) => recordReceipts(tx, [{ ...receipt, ...message(run?.runId ?? '') }], 'all'))).toBe(1);
    await execute(
      db,
      `insert into orphan_receipt (arrived_at, provider, provider_message_id, stat, mobile_index) values (now(), 'test', 'nobody', 'DELIVRD', 1)`,
      {},
    );
    const days = await daysOf((tx) =>
      matchOrphans(tx, { arrivalDay: today, oldestRunDay, mode: 'all', againAfterSeconds: 5 }),
    );
    expect(days).toBeGreaterThan(0);
    expect(days).toBeLessThanOrEqual(11);
  });

  test('a bill and a payment look at the days on which a text may still wait, a correction at the kept ones', async () => {
    const hear = (...events: AccountEvent[]) => daysOf((tx) => onAccount({ log })(tx, events.map(heard)));
    expect(await hear(accountEvent('1000000001'))).toBeLessThanOrEqual(6);
    expect(await hear(payment('1000000001'))).toBeLessThanOrEqual(6);
    await hearComplaints(db, complaintEvent('1000000001'));
    const reversal = payment('1000000001', {
      type: 'PaymentReversed',
      version: 3,
      outstandingPaise: 145_050,
      paymentKind: null,
    });
    expect(await hear(reversal)).toBeLessThanOrEqual(92);
  });
});

test('a day is opened beside somebody who reads and somebody who writes for long, and nobody waits for it', async () => {
  const [reader, writer] = [await db.transaction(), await db.transaction()];
  await query(reader, 'select from ledger limit 1');
  await execute(
    writer,
    `insert into count_change (run_day, run_id, chunk_no, measure, n) values (:today, gen_random_uuid(), 1, 'x', 1)`,
    {
      today,
    },
  );
  try {
    const tomorrow = istDay(new Date(Date.now() + DAY_MS));
    await openDay(db, tomorrow);
    expect(
      await query(db, `select from pg_class where relkind = 'r' and relname ~ :name`, {
        name: `_${tomorrow.replaceAll('-', '')}$`,
      }),
    ).toHaveLength(6);
    await query(db, 'select from ledger limit 1');
  } finally {
    await reader.rollback();
    await writer.rollback();
  }
});

test('days are opened a week ahead, and old ones forgotten with their runs; what stands stays', async () => {
  await plan(db, outage({ aggregateId: '00000000-0000-7000-8000-000000000010' }));
  await query(
    db,
    `update run set run_day = run_day - 395, ended_at = coalesce(ended_at, now()), is_live = false where revision = 1`,
  );
  const keeper = keepDays({ db, log, keptDays: 390, everyMs: 20 });
  await keeper.start?.();
  const days = async () => {
    const rows = await query<{ day: string }>(
      db,
      `select right(relname, 8) as day from pg_class where relname ~ '^ledger_[0-9]{8}$' order by 1`,
    );
    return rows.map(({ day }) => day);
  };
  try {
    await until(async () => (await days()).length <= 390 + 8, { describe: 'old days to be forgotten' });
    await until(async () => (await query(db, 'select from run where run_day < current_date - 390')).length === 0, {
      describe: 'old runs to go',
    });
  } finally {
    await keeper.stop?.();
  }
  expect((await days()).at(-1)).toBe(istDay(new Date(Date.now() + 7 * DAY_MS)).replaceAll('-', ''));
  expect((await days())[0]).toBe(istDay(new Date(Date.now() - 390 * DAY_MS)).replaceAll('-', ''));
  expect(await query(db, 'select from outage_now where is_off')).not.toEqual([]);
});
