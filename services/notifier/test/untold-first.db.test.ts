import { type Database, query } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Desk } from '../src/dispatch/desk.ts';
import { setSendingSwitch } from '../src/store/runs/sending-switch.ts';
import { accepting, linkOf, type ScriptedLink } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { EMPTY_TABLES } from './receiving.ts';
import { allEnded, mobilesOf, startSender, textOf } from './sending.ts';
import { type Home, outage, plan, settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let desk: Desk | undefined;

const HOMES: readonly Home[] = Array.from({ length: 40 }, (_, n) => ({
  account: `10000001${10 + n}`,
  node: n % 2 === 0 ? 'DT-1' : 'DT-2',
  mobile: `98111112${10 + n}`,
  language: 'en',
}));
const MOBILES = HOMES.map(({ mobile }) => `91${mobile}`);

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
  await settle(db, HOMES);
});
afterEach(() => desk?.stop());
afterAll(() => database.close());

/** Cuts what waits of the newest run into five chunks of as many handsets each, as of a whole district. */
async function cutIntoFive(): Promise<void> {
  await query(
    db,
    `with newest as (select run_id from run order by revision desc limit 1),
          range as (select n::int, min(mobile_index) as lo, max(mobile_index) as hi
                      from (select mobile_index, ntile(5) over (order by mobile_index) as n from audience) a group by n),
          gone as (delete from chunk where run_id = (select run_id from newest))
     insert into chunk (run_id, chunk_no, range_from, range_to) select run_id, n + 10, lo, hi from newest, range`,
  );
}

/** Tells the first cut to some, and no more. */
async function tellSome(some: number): Promise<string[]> {
  await plan(db, outage({ estimatedRestorationAt: inMinutes(60) }));
  await cutIntoFive();
  const link = linkOf(accepting());
  desk = startSender(db, link, { partsPerSecond: 40 }).desk;
  await until(() => link.sent.length >= some, { describe: 'some to be told' });
  await desk.stop();
  expect(link.sent.length).toBeLessThan(HOMES.length);
  return mobilesOf(link);
}

const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);
const saysOff = (link: ScriptedLink) => link.sent.map((message) => textOf(message).includes('power is off'));

describe('when a cut is told anew before everybody heard of it', () => {
  const newTime = (version: number) =>
    plan(
      db,
      outage({ version, type: 'RestorationEstimateChanged', estimatedRestorationAt: inMinutes(60 * version + 60) }),
    );

  test('those who were told nothing hear before anybody hears the new time, over all chunks', async () => {
    const told = await tellSome(10);
    await newTime(2);
    await cutIntoFive();

    const link = linkOf(accepting());
    desk = startSender(db, link).desk;
    await allEnded(db);

    const untold = MOBILES.length - told.length;
    expect(saysOff(link)).toEqual([...Array<boolean>(untold).fill(true), ...Array<boolean>(told.length).fill(false)]);
    expect(mobilesOf(link)).toEqual(MOBILES);
  });

  test('two replicas keep to it, and nobody is left out', async () => {
    const told = await tellSome(10);
    await newTime(2);
    await cutIntoFive();

    const links = [linkOf(accepting()), linkOf(accepting())];
    const desks = links.map((link) => startSender(db, link).desk);
    await allEnded(db);
    for (const one of desks) await one.stop();

    expect(links.flatMap(mobilesOf).sort()).toEqual(MOBILES);
    expect(links.flatMap(saysOff).filter(Boolean)).toHaveLength(MOBILES.length - told.length);
  });

  test('a restoration is told to those who heard of it, without a look at the others', async () => {
    const told = await tellSome(10);
    await newTime(2);
    await cutIntoFive();
    await plan(db, outage({ version: 3, type: 'SupplyRestored', status: 'restored', restoredAt: new Date() }));

    const link = linkOf(accepting());
    desk = startSender(db, link).desk;
    await allEnded(db);

    expect(mobilesOf(link)).toEqual(told);
  });
});
