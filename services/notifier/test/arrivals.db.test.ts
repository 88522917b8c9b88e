import { openLog } from '@bijli/service';
import { type Database, query, withTransaction } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Desk } from '../src/dispatch/desk.ts';
import { sweepArrivals } from '../src/plan/sweep-arrivals.ts';
import { noteArrivals } from '../src/store/audience/note-arrivals.ts';
import { expandBroadcast } from '../src/store/chunks/expand-broadcast.ts';
import { holdChunks } from '../src/store/chunks/hold-chunks.ts';
import { addCounts } from '../src/store/messages/add-counts.ts';
import { setSendingSwitch } from '../src/store/runs/sending-switch.ts';
import { accepting, linkOf, type ScriptedLink } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { EMPTY_TABLES } from './receiving.ts';
import { allEnded, inEachLane, latestRun, startSender } from './sending.ts';
import { type Home, indexOf, moveIn, outage, plan, settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let desk: Desk;
let link: ScriptedLink;
let sweep: ReturnType<typeof sweepArrivals>;

const ONE: Home = { account: '1000000001', node: 'DT-1', mobile: '9811111101', language: 'en' };
const TWO: Home = { account: '1000000002', node: 'DT-2', mobile: '9811111102', language: 'en' };

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
  link = linkOf(accepting());
  desk = startSender(db, link).desk;
  sweep = sweepArrivals({ db, log: openLog('test', 'silent'), onChunks: () => desk.wake(), everyMs: 20 });
  await sweep.start?.();
});
afterEach(async () => {
  await sweep.stop?.();
  await desk.stop();
});
afterAll(() => database.close());

/** The last digits of the handsets that were written to since one last looked. */
async function told(): Promise<string[]> {
  await until(async () => (await query(db, 'select from run_later')).length === 0, {
    describe: 'nobody to be waiting',
  });
  await allEnded(db);
  return link.sent
    .splice(0)
    .map(({ destination }) => destination.slice(-4))
    .sort();
}

test('who is heard of after the outage that keeps them off is told, and counted', async () => {
  await plan(db, outage());
  expect(await told()).toEqual([]);

  await settle(db, [ONE, TWO]);
  expect(await told()).toEqual(['1101', '1102']);
  expect((await latestRun(db))?.run.state).toBe('complete');
  expect((await latestRun(db))?.counts).toMatchObject({
    audience: 2,
    planned: 0,
    cameLater: 2,
    accepted: 2,
    pending: 0,
  });

  await plan(db, outage({ version: 2, type: 'SupplyRestored', status: 'restored', restoredAt: new Date() }));
  expect(await told()).toEqual(['1101', '1102']);
});

test('who is told already is not told again, whatever changes of them', async () => {
  await settle(db, [ONE, TWO]);
  await plan(db, outage());
  expect(await told()).toEqual(['1101', '1102']);

  await settle(
    db,
    [
      { ...ONE, category: 'hospital' },
      { ...TWO, node: 'DT-1' },
    ],
    2,
  );
  expect(await told()).toEqual([]);
});

test('who moves below a feeder that is out is told, who moves elsewhere is not', async () => {
  await settle(db, [ONE, { ...TWO, node: 'F-2' }]);
  await plan(db, outage());
  expect(await told()).toEqual(['1101']);

  await settle(db, [{ ...TWO, node: 'SS-1' }], 2);
  expect(await told()).toEqual([]);
  await settle(db, [TWO], 3);
  expect(await told()).toEqual(['1102']);
});

test('the network may be heard of last', async () => {
  await withTransaction(db, (tx) => moveIn(tx, [ONE], 1));
  await query(db, 'delete from network_node');
  await plan(db, outage());
  expect(await told()).toEqual([]);

  await settle(db, []);
  expect(await told()).toEqual(['1101']);
});

test('a number that moves into a chunk that was expanded is told once; one that moves out of it makes no second row', async () => {
  await desk.stop();
  const homes = Array.from(
    { length: 6_000 },
    (_, n): Home => ({
      account: String(2_000_000_000 + n),
      node: 'DT-1',
      mobile: String(9_600_000_000 + n),
      language: 'en',
    }),
  );
  await settle(db, homes);
  await plan(db, outage({ nodeIds: ['DT-1'] }));
  const [early, late] = await query<{ high: string }>(db, 'select range_to::text as high from chunk order by chunk_no');
  if (early === undefined || late === undefined) throw new Error('two chunks are needed');
  const isEarly = (mobile: string | undefined) => indexOf(mobile ?? '') <= BigInt(early.high);
  const fromEarly = homes.find(({ mobile }) => isEarly(mobile)) as Home;
  const fromLate = homes.find(({ mobile }) => !isEarly(mobile)) as Home;
  const free = Array.from({ length: 50 }, (_, n) => String(7_700_000_000 + n));
  const [forEarly, forLate] = [free.find(isEarly) ?? '', free.find((mobile) => !isEarly(mobile)) ?? ''];

  // The first chunk is expanded; then the numbers move, and the rest is.
  const [chunk] = await holdChunks(db, {
    holderId: newId(),
    dead: [],
    room: inEachLane(1),
    mostOfRun: 1,
    partStride: 1,
  });
  if (chunk?.facts == null) throw new Error('no chunk');
  const counted = await withTransaction(db, (tx) =>
    expandBroadcast(tx, chunk, 'planned.same-day', { isRepeat: false, newTimePauseSeconds: 0 }),
  );
  if (counted === null || typeof counted === 'string' || !('contacts' in counted)) throw new Error('it was lost');
  const { runDay, runId, chunkNo } = chunk;
  await withTransaction(db, (tx) =>
    addCounts(
      tx,
      counted.contacts.map(({ measure, n }) => ({ runDay, runId, chunkNo, measure, n })),
    ),
  );
  await settle(
    db,
    [
      { ...fromEarly, mobile: forLate },
      { ...fromLate, mobile: forEarly },
    ],
    2,
  );
  desk = startSender(db, link).desk;
  await until(async () => (await query(db, 'select from run_later')).length === 0, { describe: 'nobody to wait' });
  await allEnded(db);

  const times = (mobile: string | undefined) =>
    link.sent.filter(({ destination }) => destination === `91${mobile}`).length;
  expect([times(fromLate.mobile), times(forEarly), times(fromEarly.mobile), times(forLate)]).toEqual([0, 1, 0, 0]);
  const { audience, accepted, superseded, pending } = (await latestRun(db))?.counts ?? {};
  expect({ audience, accepted, superseded, pending }).toEqual({
    audience: 6_000,
    accepted: 5_999,
    superseded: 1,
    pending: 0,
  });
  expect(new Set(link.sent.map(({ destination }) => destination)).size).toBe(link.sent.length);
});

test('who comes when supply is back hears nothing', async () => {
  await plan(db, outage());
  await plan(db, outage({ version: 2, type: 'SupplyRestored', status: 'restored', restoredAt: new Date() }));
  await settle(db, [ONE]);
  expect(await told()).toEqual([]);
});

test('who comes when the promised time is past hears of the cut without one', async () => {
  await plan(db, outage({ estimatedRestorationAt: new Date(Date.now() - 1_000) }));
  await settle(db, [ONE]);
  expect(await told()).toEqual(['1101']);
  expect(await query(db, `select template_key from ledger where fate = 'carrier'`)).toEqual([
    { template_key: 'untimed.one.en' },
  ]);
});

test('a plan waits for changes of the audience that are under way, and sees them', async () => {
  await settle(db, []);
  let planned: Promise<unknown> = Promise.resolve();
  await withTransaction(db, async (tx) => {
    await noteArrivals(tx, (await moveIn(tx, [ONE], 1)).arrivals);
    planned = plan(db, outage());
    await until(async () => (await query(db, 'select from pg_locks where not granted')).length > 0, {
      describe: 'the plan to wait',
    });
  });
  await planned;
  expect(await told()).toEqual(['1101']);
  expect((await latestRun(db))?.counts).toMatchObject({ planned: 1, cameLater: 0 });
});
