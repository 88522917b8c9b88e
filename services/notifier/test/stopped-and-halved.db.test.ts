import { type Database, execute, query } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { takeParts } from '../src/store/accounts/take-parts.ts';
import { setSendingSwitch } from '../src/store/runs/sending-switch.ts';
import { accepting, linkOf } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { EMPTY_TABLES, receiving } from './receiving.ts';
import { allEnded, HOMES, latestRun, mobilesOf, runEnded, type Sender, startSender, sumOf, textOf } from './sending.ts';
import { type Home, outage, plan, settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let senders: Sender[] = [];

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
});
afterEach(async () => {
  await Promise.all(senders.map(({ desk }) => desk.stop()));
  senders = [];
});
afterAll(() => database.close());

function start(...options: Parameters<typeof startSender> extends [Database, ...infer Rest] ? Rest : never): Sender {
  const sender = startSender(db, ...options);
  senders.push(sender);
  return sender;
}
const MANY = 300;
const many: Home[] = Array.from({ length: MANY }, (_, n) => ({
  account: String(2_100_000_000 + n),
  node: 'DT-1',
  mobile: String(9_600_000_000 + n),
  language: 'en',
}));
const restored = (reported: ReturnType<typeof outage>) =>
  ({ ...reported, version: 2, type: 'SupplyRestored', status: 'restored', restoredAt: new Date() }) as const;

describe('a process that stops while the provider throttles', () => {
  const reported = outage({ nodeIds: ['DT-1'] });

  /** Plans the cut, and stops the process when a third of the town was put off. */
  async function stopped(): Promise<string[]> {
    await settle(db, many);
    await plan(db, reported);
    const busy = linkOf((message, partNo) => ({ ref: message.ref, partNo, kind: 'throttled', status: 0x58 }));
    const { desk } = start(busy, { mostAhead: 100 });
    await until(() => busy.sent.length >= 100, { describe: 'texts to be put off' });
    await desk.stop();
    return mobilesOf(busy);
  }

  test('leaves nobody in doubt: the next one tells all, and all of them that supply is back', async () => {
    await stopped();
    const link = linkOf(accepting());
    start(link, { mostAhead: 100 });
    expect((await runEnded(db, 1)).counts).toMatchObject({ accepted: MANY, inDoubt: 0, pending: 0 });
    expect(new Set(mobilesOf(link)).size).toBe(MANY);

    link.sent.length = 0;
    await plan(db, restored(reported));
    expect((await runEnded(db, 2)).counts).toMatchObject({ accepted: MANY });
    expect(link.sent.every((message) => /restored/.test(textOf(message)))).toBe(true);
  });

  test('tells nobody that supply is back who was never told that it went', async () => {
    await stopped();
    await plan(db, restored(reported));
    const link = linkOf(accepting());
    start(link, { mostAhead: 100 });

    expect((await runEnded(db, 1)).counts).toMatchObject({ superseded: MANY, accepted: 0, inDoubt: 0 });
    expect((await runEnded(db, 2)).counts).toMatchObject({ accepted: 0, skipped: { 'not-told': MANY } });
    expect(link.sent).toEqual([]);
  });
});

test('half a text, and then its news is over: it counts as told, and its handset hears of the end', async () => {
  await settle(db, [{ account: '1000000001', node: 'DT-1', mobile: '9811111101' }]);
  const hours = (n: number) => new Date(Date.now() + n * 3_600_000);
  const announced = outage({
    type: 'PlannedOutageAnnounced',
    kind: 'planned',
    status: 'announced',
    nodeIds: ['DT-1'],
    startsAt: hours(24),
    estimatedRestorationAt: hours(49),
  });
  await plan(db, announced);
  const accept = accepting();
  let isBusy = true;
  const link = linkOf((message, partNo) =>
    partNo > 1 && isBusy ? { ref: message.ref, partNo, kind: 'throttled', status: 0x58 } : accept(message, partNo),
  );
  start(link);
  await until(async () => (await query(db, `select from message_state where state = 'deferred'`)).length > 0, {
    describe: 'a second part to be put off',
  });

  await plan(db, { ...announced, version: 2, type: 'PlannedWorkCancelled', status: 'cancelled' });
  isBusy = false;
  await allEnded(db);

  expect((await runEnded(db, 1)).counts).toMatchObject({ accepted: 1, superseded: 0 });
  expect((await runEnded(db, 2)).counts).toMatchObject({ accepted: 1 });
  expect(link.sent.map(textOf).at(-1)).toMatch(/रद्द|निरस्त/);
});

test('a run that nobody released ends when it is of no use any more: everybody of it is accounted for', async () => {
  await settle(db, HOMES);
  const late = new Date(Date.now() - 3_600_000);
  await plan(db, outage({}, late));
  expect((await latestRun(db))?.run.state).toBe('held');
  await execute(db, 'update run set not_after = now()');
  const link = linkOf(accepting());
  start(link);

  await receiving(db).sweep();

  const { run, counts } = await runEnded(db, 1);
  expect(run.stateReason).toBe('held-too-long');
  expect(counts).toMatchObject({ stale: 6, accepted: 0, pending: 0 });
  expect(sumOf(counts)).toBe(counts.audience);
  expect(link.sent).toEqual([]);
  expect(await query(db, `select from chunk where state <> 'done'`)).toEqual([]);
});

test('two replicas take from one contract: together no more than one of them alone', async () => {
  const account = { provider: 'test', partsPerSecond: 1_000 };
  const began = await seconds();
  let taken = 0;
  for (let n = 0; n < 20; n += 1) {
    const both = await Promise.all([1, 2].map(() => takeParts(db, { ...account, wanted: 1_000, leftAt: null })));
    taken += both.reduce((sum, { parts }) => sum + parts, 0);
  }

  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThanOrEqual(1_000 * ((await seconds()) - began));
});

async function seconds(): Promise<number> {
  const [clock] = await query<{ now: number }>(db, 'select extract(epoch from clock_timestamp())::float8 as now');
  return clock?.now ?? 0;
}
