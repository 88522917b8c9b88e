import type { OutageEvent } from '@bijli/events';
import { type Database, query, withTransaction } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Desk } from '../src/dispatch/desk.ts';
import type { OutgoingMessage } from '../src/smpp/index.ts';
import { addExtraChunk } from '../src/store/chunks/close-chunk.ts';
import { type Ahead, writeAhead } from '../src/store/chunks/write-ahead.ts';
import { findRunsWithArrivals } from '../src/store/runs/find-arrivals.ts';
import { setSendingSwitch } from '../src/store/runs/sending-switch.ts';
import { accepting, linkOf, type ScriptedLink } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { EMPTY_TABLES } from './receiving.ts';
import { allEnded, startSender, textOf } from './sending.ts';
import { onConnectionErased } from '../src/subscriptions/on-connection.ts';
import { type Home, idOf, outage, plan, settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let desk: Desk | undefined;
let link: ScriptedLink;

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
});
afterEach(() => desk?.stop());
afterAll(() => database.close());

const MINUTE = 60_000;
const at = (minutes: number) => new Date(Math.round(Date.now() / MINUTE) * MINUTE + minutes * MINUTE);

/** An outage that stands on nodes of its own; `then` is its next event. */
function cut(n: number, nodeIds: readonly string[], change: Partial<OutageEvent> = {}) {
  let event = outage({ aggregateId: `00000000-0000-7000-8000-00000000010${n}`, nodeIds: [...nodeIds], ...change });
  return {
    report: () => plan(db, event),
    then: (next: Partial<OutageEvent>) => {
      event = { ...event, version: event.version + 1, occurredAt: new Date(), ...next };
      return plan(db, event);
    },
    restore: () => {
      event = {
        ...event,
        version: event.version + 1,
        type: 'SupplyRestored',
        status: 'restored',
        restoredAt: new Date(),
      };
      return plan(db, event);
    },
  };
}

const work = (n: number, nodeIds: readonly string[], from: number, to: number) =>
  cut(n, nodeIds, {
    type: 'PlannedOutageAnnounced',
    kind: 'planned',
    status: 'announced',
    cause: 'maintenance',
    startsAt: at(from),
    estimatedRestorationAt: at(to),
  });

/** What each handset holds since the last time that one looked, in the order in which it came. */
async function told(): Promise<Record<string, string[]>> {
  await allEnded(db);
  const texts = Map.groupBy(link.sent.splice(0), ({ destination }) => destination.slice(-4));
  return Object.fromEntries(
    [...texts].map(([mobile, messages]) => [mobile, messages.map((message) => gist(textOf(message)))]),
  );
}

/** The news of a text in a word or two. */
function gist(text: string): string {
  if (/still off at a\/c (\w+)/.test(text)) return `partly ${/still off at a\/c (\w+)/.exec(text)?.[1]}`;
  if (text.includes('still off at some')) return 'partly';
  if (text.includes('Time of return not known')) return 'off, no time';
  if (text.includes('is off')) return 'off';
  if (text.includes('was restored')) return 'back';
  if (text.includes('revised time')) return 'new time';
  if (text.includes('will be off')) return 'window';
  if (text.includes('is now on')) return 'other window';
  if (text.includes('is cancelled')) return 'no window';
  return text;
}

describe('outages that meet', () => {
  test('a restored feeder says nothing to a house under a transformer that is still out', async () => {
    await settle(db, [ONE, TWO]);
    const [feeder, transformer] = [cut(1, ['F-1']), cut(2, ['DT-1'])];
    await feeder.report();
    await transformer.report();
    expect(await told()).toEqual({ 1101: ['off'], 1102: ['off'] });

    await feeder.restore();
    expect(await told()).toEqual({ 1102: ['back'] });

    await transformer.restore();
    expect(await told()).toEqual({ 1101: ['back'] });
  });

  test('in the other order as well', async () => {
    await settle(db, [ONE, TWO]);
    const [feeder, transformer] = [cut(1, ['F-1']), cut(2, ['DT-1'])];
    await transformer.report();
    await feeder.report();
    expect(await told()).toEqual({ 1101: ['off'], 1102: ['off'] });

    await transformer.restore();
    expect(await told()).toEqual({});

    await feeder.restore();
    expect(await told()).toEqual({ 1101: ['back'], 1102: ['back'] });
  });

  test.each([
    ['transformer', 'feeder'],
    ['feeder', 'transformer'],
  ] as const)('both heard before either could be told, the %s first', async (first, second) => {
    await desk?.stop();
    await settle(db, [ONE, TWO]);
    const cuts = { feeder: cut(1, ['F-1']), transformer: cut(2, ['DT-1']) };
    await cuts[first].report();
    await cuts[second].report();
    desk = startSender(db, link).desk;
    expect(await told()).toEqual({ 1101: ['off'], 1102: ['off'] });

    await cuts.transformer.restore();
    expect(await told()).toEqual({});
    await cuts.feeder.restore();
    expect(await told()).toEqual({ 1101: ['back'], 1102: ['back'] });
    expect(await query(db, 'select from run where is_live')).toEqual([]);
  });

  test('a later return time of the other outage is told when it comes to matter', async () => {
    await settle(db, [ONE]);
    const [feeder, transformer] = [
      cut(1, ['F-1'], { estimatedRestorationAt: at(60) }),
      cut(2, ['DT-1'], { estimatedRestorationAt: at(300) }),
    ];
    await feeder.report();
    await told();
    await transformer.report();
    expect(await told()).toEqual({ 1101: ['new time'] });

    await feeder.restore();
    expect(await told()).toEqual({});
  });

  test('a mobile with accounts on both sides hears which one is still off', async () => {
    await settle(db, [ONE, { ...TWO, mobile: '9811111101' }]);
    const [first, second] = [cut(1, ['DT-1']), cut(2, ['DT-2'])];
    await first.report();
    await second.report();
    await told();

    await first.restore();
    expect(await told()).toEqual({ 1101: ['partly 0002'] });

    await second.restore();
    expect(await told()).toEqual({ 1101: ['back'] });
  });

  test('and no name where several are', async () => {
    await settle(db, [
      ONE,
      { ...TWO, mobile: '9811111101' },
      { account: '1000000003', node: 'DT-2', mobile: '9811111101' },
    ]);
    const [first, second] = [cut(1, ['DT-1']), cut(2, ['DT-2'])];
    await first.report();
    await second.report();
    await told();

    await first.restore();
    expect(await told()).toEqual({ 1101: ['partly'] });
  });
});

describe('what says that an account is still off', () => {
  const BOTH = [ONE, { ...TWO, mobile: '9811111101' }];

  test('says that it is back, where that came while the text waited', async () => {
    await settle(db, BOTH);
    const [first, second] = [cut(1, ['DT-1']), cut(2, ['DT-2'])];
    await first.report();
    await second.report();
    await told();

    link.hasRoom = false;
    await first.restore();
    await expanded();
    await second.restore();
    await expanded(2);
    link.hasRoom = true;
    desk?.wake();
    expect(await told()).toEqual({ 1101: ['back', 'back'] });
    const accounts = await query(
      db,
      `select template_key, coalesce(named_account, account_number) as account from ledger where template_key like 'restored.%' order by 2`,
    );
    expect(accounts).toEqual([ONE, TWO].map(({ account }) => ({ template_key: 'restored.one.en', account })));
  });

  test('so too, when who was not told that it is off hears nothing of it', async () => {
    await settle(db, BOTH);
    const [first, second] = [cut(1, ['DT-1']), cut(2, ['DT-2'])];
    await first.report();
    await told();
    link.hasRoom = false;
    await second.report();
    await expanded();
    await first.restore();
    await expanded(2);
    await second.restore();
    await until(async () => (await query(db, `select from chunk where state = 'waiting'`)).length === 0, {
      describe: 'all chunks to be expanded',
    });
    link.hasRoom = true;
    desk?.wake();
    expect(await told()).toEqual({ 1101: ['back'] });
  });

  test('names the one that is off when it leaves', async () => {
    await settle(db, [...BOTH, { ...ONE, account: '1000000003', node: 'F-2' }]);
    const [first, second, third] = [cut(1, ['DT-1']), cut(2, ['DT-2']), cut(3, ['F-2'])];
    await first.report();
    await second.report();
    await told();

    link.hasRoom = false;
    await first.restore();
    await expanded();
    await second.restore();
    await third.report();
    await expanded(3);
    link.hasRoom = true;
    desk?.wake();
    const texts = (await told())['1101'];
    expect(texts).toContain('partly 0003');
    expect(texts).not.toContain('partly 0002');
  });
});

describe('steps', () => {
  test('tell those who have supply again, once, and later only the others', async () => {
    await settle(db, [ONE, TWO]);
    const feeder = cut(1, ['F-1']);
    await feeder.report();
    await told();

    await feeder.then({ nodeIds: ['DT-2'], type: 'SupplyPartlyRestored' });
    expect(await told()).toEqual({ 1101: ['back'] });

    await feeder.restore();
    expect(await told()).toEqual({ 1102: ['back'] });
  });
});

describe('a return time', () => {
  test('that is past is not said, and the next one is', async () => {
    await settle(db, [ONE, { ...TWO, mobile: '9811111101' }]);
    const feeder = cut(1, ['F-1'], { estimatedRestorationAt: at(-20) });
    await feeder.report();
    expect(await told()).toEqual({ 1101: ['off, no time'] });
    expect(await query(db, `select template_key from ledger where fate = 'carrier'`)).toEqual([
      { template_key: 'untimed.many.en' },
    ]);

    await feeder.then({ type: 'RestorationEstimateChanged', estimatedRestorationAt: at(-2) });
    expect(await told()).toEqual({});
    await feeder.then({ type: 'RestorationEstimateChanged', estimatedRestorationAt: at(120) });
    expect(await told()).toEqual({ 1101: ['new time'] });
  });

  test('that passes while the text waits is not said either', async () => {
    await settle(db, [ONE, TWO]);
    link.hasRoom = false;
    const passesAt = new Date(Date.now() + 1_500);
    await cut(1, ['F-1'], { estimatedRestorationAt: passesAt }).report();
    await expanded();
    await until(() => Date.now() > passesAt.getTime(), { describe: 'the time to pass' });
    link.hasRoom = true;
    desk?.wake();
    expect(await told()).toEqual({ 1101: ['off, no time'], 1102: ['off, no time'] });
  });

  test('that is new, and past before it could be said, is told to nobody', async () => {
    await settle(db, [ONE]);
    const feeder = cut(1, ['F-1'], { estimatedRestorationAt: at(-20) });
    await feeder.report();
    await told();
    link.hasRoom = false;
    const passesAt = new Date(Date.now() + 1_500);
    await feeder.then({ type: 'RestorationEstimateChanged', estimatedRestorationAt: passesAt });
    await expanded();
    await until(() => Date.now() > passesAt.getTime(), { describe: 'the time to pass' });
    link.hasRoom = true;
    desk?.wake();
    expect(await told()).toEqual({});
    expect(await query(db, `select state from message_state`)).toEqual([{ state: 'stale' }]);
  });
});

async function expanded(chunks = 1): Promise<void> {
  await until(async () => (await query(db, `select from chunk where state = 'expanded'`)).length >= chunks, {
    describe: `${chunks} chunks to be expanded`,
  });
}

describe('a new time soon after the last', () => {
  beforeEach(async () => {
    await desk?.stop();
    desk = startSender(db, link, { newTimePauseSeconds: 600 }).desk;
  });

  test('is told when it is due, the newest only', async () => {
    await settle(db, [ONE]);
    const feeder = cut(1, ['F-1'], { estimatedRestorationAt: at(60) });
    await feeder.report();
    expect(await told()).toEqual({ 1101: ['off'] });
    for (const minutes of [200, 300]) {
      await feeder.then({ type: 'RestorationEstimateChanged', estimatedRestorationAt: at(minutes) });
      expect(await told()).toEqual({});
    }
    await sweep();
    expect(await told()).toEqual({});

    const [later] = await query<{ seconds: number }>(
      db,
      `select extract(epoch from due_at - now())::float8 as seconds from run_later join run using (run_id) where revision = 3`,
    );
    expect(later?.seconds).toBeGreaterThan(500);
    await query(db, `update run_later set due_at = now()`);
    await query(db, `update accepted_pack set recorded_at = recorded_at - interval '10 minutes'`);
    await sweep();
    expect(await told()).toEqual({ 1101: ['new time'] });
    await query(db, `delete from run_later where due_at is not null`);
    await sweep();
    expect(await told()).toEqual({});
  });

  test('is told at once when the last one is past', async () => {
    await settle(db, [ONE]);
    const feeder = cut(1, ['F-1'], { estimatedRestorationAt: at(60) });
    await feeder.report();
    await told();
    await query(db, `update run_claim set until = now() - interval '1 second' where kind = 'off'`);
    await feeder.then({ type: 'RestorationEstimateChanged', estimatedRestorationAt: at(300) });
    expect(await told()).toEqual({ 1101: ['new time'] });
  });

  test('is not told any more when supply is back by then', async () => {
    await settle(db, [ONE]);
    const feeder = cut(1, ['F-1'], { estimatedRestorationAt: at(60) });
    await feeder.report();
    await told();
    await feeder.then({ type: 'RestorationEstimateChanged', estimatedRestorationAt: at(300) });
    await told();
    await feeder.restore();
    expect(await told()).toEqual({ 1101: ['back'] });
    await query(db, `update run_later set due_at = now()`);
    await sweep();
    expect(await told()).toEqual({});
  });

  test('is no reason to wait for who was told nothing yet', async () => {
    await settle(db, [ONE]);
    const feeder = cut(1, ['F-1'], { estimatedRestorationAt: at(60) });
    await feeder.report();
    await told();
    await settle(db, [TWO], 2);
    await feeder.then({ type: 'RestorationEstimateChanged', estimatedRestorationAt: at(300) });
    expect(await told()).toEqual({ 1102: ['off'] });
  });

  async function sweep(): Promise<void> {
    for (const runId of await findRunsWithArrivals(db)) await withTransaction(db, (tx) => addExtraChunk(tx, runId));
    desk?.wake();
  }
});

describe('a text that nobody answered', () => {
  const silence = (message: OutgoingMessage, partNo: number) => ({
    ref: message.ref,
    partNo,
    kind: 'in-doubt' as const,
  });

  test('does not come once more behind newer word of another outage, which says all of it', async () => {
    await settle(db, [ONE]);
    link = linkOf(silence);
    await desk?.stop();
    desk = startSender(db, link).desk;
    await cut(1, ['DT-1'], { estimatedRestorationAt: at(60) }).report();
    await until(() => link.sent.length === 1, { describe: 'the first text' });
    await desk.stop();

    link = linkOf(accepting());
    desk = startSender(db, link).desk;
    await cut(2, ['F-1'], { estimatedRestorationAt: at(300) }).report();
    await until(() => link.sent.length === 1, { describe: 'the second text' });
    await desk.stop();
    await query(db, `update message_state set recorded_at = recorded_at - interval '61 s'`);
    desk = startSender(db, link).desk;
    expect(await told()).toEqual({ 1101: ['off'] });
    expect(await query(db, `select state, send_no from message_state order by send_no`)).toEqual([
      { state: 'ambiguous', send_no: 1 },
      { state: 'underway', send_no: 2 },
      { state: 'ambiguous', send_no: 2 },
    ]);
  });

  test('is said anew by the next event of its outage', async () => {
    await settle(db, [ONE]);
    link = linkOf(silence);
    await desk?.stop();
    desk = startSender(db, link).desk;
    const outage = cut(1, ['DT-1'], { estimatedRestorationAt: at(60) });
    await outage.report();
    await until(() => link.sent.length === 1, { describe: 'the first text' });
    await desk.stop();

    link = linkOf(accepting());
    desk = startSender(db, link).desk;
    await outage.then({ type: 'RestorationEstimateChanged', estimatedRestorationAt: at(70) });
    expect(await told()).toEqual({ 1101: ['off'] });
  });
});

test('what was expanded before the stop switch is not said when a newer cut has made it false', async () => {
  await settle(db, [ONE, TWO]);
  const feeder = cut(1, ['F-1'], { estimatedRestorationAt: at(300) });
  await feeder.report();
  expect(await told()).toEqual({ 1101: ['off'], 1102: ['off'] });

  link.lose();
  await feeder.restore();
  await until(async () => (await query(db, `select from chunk where state = 'expanded'`)).length > 0, {
    describe: 'the restoration to be expanded',
  });
  await setSendingSwitch(db, { isStopped: true, reason: 'test', changedBy: 'test' });
  await desk?.stop();
  link = linkOf(accepting());
  desk = startSender(db, link).desk;
  await cut(2, ['DT-1'], { estimatedRestorationAt: at(300) }).report();
  await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
  expect(await told()).toEqual({ 1102: ['back'] });
});

test('what a run says of another outage waits until newer news of that one is judged', async () => {
  await settle(db, [ONE, TWO]);
  link.hasRoom = false;
  const [feeder, transformer] = [cut(1, ['F-1'], { estimatedRestorationAt: at(60) }), cut(2, ['DT-1'])];
  for (const one of [transformer, feeder]) {
    await one.report();
    await until(async () => (await query(db, `select from chunk where state = 'waiting'`)).length === 0, {
      describe: 'the cut to be expanded',
    });
  }
  await desk?.stop();

  // The judging of the newer news is in the hand of a process that stands still.
  await transformer.restore();
  const [{ runId } = { runId: '' }] = await query<{ runId: string }>(
    db,
    `with frozen as (
       insert into holder (holder_id, beat, leased_until) values (gen_random_uuid(), 1, now() + interval '1 h') returning holder_id)
     update chunk c set holder_id = frozen.holder_id from frozen where c.state = 'waiting' returning c.run_id as "runId"`,
  );
  const ahead = await query<Ahead>(
    db,
    `select run_id as "runId", chunk_no as "chunkNo", epoch, carriers as cursor, array[]::text[] as again from chunk where state = 'expanded'`,
  );
  expect(await writeAhead(db, ahead, 'test')).toEqual(new Set());

  await query(db, 'update chunk set holder_id = null where run_id = :runId', { runId });
  link.hasRoom = true;
  desk = startSender(db, link).desk;
  expect(await told()).toEqual({ 1101: ['off'], 1102: ['off'] });
});

test('an outage that shrank and another below what it left: nobody is told back twice', async () => {
  await settle(db, [ONE, TWO]);
  const [wide, narrow] = [cut(1, ['F-1']), cut(2, ['DT-1'])];
  await wide.report();
  await narrow.report();
  expect(await told()).toEqual({ 1101: ['off'], 1102: ['off'] });
  await wide.then({ nodeIds: ['DT-2'], type: 'SupplyPartlyRestored' });
  expect(await told()).toEqual({});

  await narrow.restore();
  expect(await told()).toEqual({ 1101: ['back'] });
  await wide.restore();
  expect(await told()).toEqual({ 1102: ['back'] });
  expect(await query(db, 'select from run where is_live')).toEqual([]);
});

describe('a mobile of whose accounts there is more than one thing to say', () => {
  const BOTH = [ONE, { ...TWO, mobile: '9811111101' }];

  test('hears each: of a new cut, and of the new time of an old one', async () => {
    await settle(db, BOTH);
    await cut(1, ['DT-1'], { estimatedRestorationAt: at(60) }).report();
    await told();

    await cut(2, ['F-1'], { estimatedRestorationAt: at(300) }).report();
    expect(await told()).toEqual({ 1101: ['off'] });
    await cut(3, ['DT-2'], { estimatedRestorationAt: at(600) }).report();
    expect(await told()).toEqual({ 1101: ['new time'] });
  });

  test('hears two texts where two cuts end at different times', async () => {
    await settle(db, BOTH);
    await desk?.stop();
    await cut(1, ['DT-1'], { estimatedRestorationAt: at(60) }).report();
    await cut(2, ['DT-2'], { estimatedRestorationAt: at(600) }).report();
    desk = startSender(db, link).desk;
    expect(await told()).toEqual({ 1101: ['off', 'off'] });
  });

  test('hears of both windows, where one run meets the other before it was sent', async () => {
    await settle(db, [ONE]);
    await desk?.stop();
    await work(1, ['DT-1'], 600, 660).report();
    await work(2, ['F-1'], 900, 960).report();
    await cut(3, ['SS-1']).report();
    desk = startSender(db, link).desk;
    expect((await told())[1101]?.sort()).toEqual(['off', 'window', 'window']);
  });
});

describe('a node of which only what hangs on itself is off', () => {
  test('is told, and those below it are not', async () => {
    await settle(db, [{ ...ONE, node: 'F-1' }, TWO]);
    const split = cut(1, ['DT-1'], { ownNodeIds: ['F-1'] });
    await split.report();
    expect(await told()).toEqual({ 1101: ['off'] });

    await split.restore();
    expect(await told()).toEqual({ 1101: ['back'] });
  });
});

describe('a window', () => {
  test('that is cancelled is told to exactly those who heard of it', async () => {
    await settle(db, [ONE]);
    const planned = work(1, ['F-1'], 24 * 60, 26 * 60);
    await planned.report();
    expect(await told()).toEqual({ 1101: ['window'] });
    await settle(db, [TWO], 2);

    await planned.then({
      status: 'cancelled',
      type: 'PlannedWorkCancelled',
    });
    expect(await told()).toEqual({ 1101: ['no window'] });
  });

  test('that moves is told as another window, and by less than the threshold not at all', async () => {
    await settle(db, [ONE]);
    const planned = work(1, ['F-1'], 24 * 60, 26 * 60);
    await planned.report();
    await told();

    await planned.then({ estimatedRestorationAt: at(26 * 60 + 20) });
    expect(await told()).toEqual({});

    await planned.then({ startsAt: at(30 * 60), estimatedRestorationAt: at(32 * 60) });
    expect(await told()).toEqual({ 1101: ['other window'] });
  });

  test('that was taken back is not told off when its old start passes', async () => {
    await settle(db, [ONE, TWO]);
    const planned = work(1, ['F-1'], 1, 120);
    await planned.report();
    await told();
    await planned.then({ nodeIds: ['DT-2'] });
    expect(await told()).toEqual({ 1101: ['no window'] });
    await query(db, `update run_claim set starts_at = now() - interval '1 minute'`);

    await planned.then({ status: 'open', type: 'PlannedWorkStarted' });
    await planned.restore();
    expect(await told()).toEqual({ 1102: ['back'] });
  });

  test('that begins as it was told is told off: the work that starts is no news, its end is', async () => {
    await settle(db, [ONE]);
    const planned = work(1, ['F-1'], 1, 120);
    await planned.report();
    await told();
    await query(db, `update run_claim set starts_at = now() - interval '1 minute'`);

    await planned.then({ status: 'open', type: 'PlannedWorkStarted' });
    expect(await told()).toEqual({});

    await planned.restore();
    expect(await told()).toEqual({ 1101: ['back'] });
  });
});

describe('who may be told', () => {
  test.each<[string, Home | null]>([
    ['said STOP', { ...ONE, purposes: ['billing'] }],
    ['says that the number is not theirs', { ...ONE, numberState: 'quarantined' }],
    ['is erased', null],
  ])('a restoration does not reach one who %s', async (_what, change) => {
    await settle(db, [ONE, TWO]);
    const feeder = cut(1, ['F-1']);
    await feeder.report();
    await told();
    if (change === null) await withTransaction(db, (tx) => onConnectionErased(tx, [idOf(ONE.account)]));
    else await settle(db, [change], 2);

    await feeder.restore();
    expect(await told()).toEqual({ 1102: ['back'] });
  });

  test.each<[string, Home | null]>([
    ['says STOP', { ...ONE, purposes: ['billing'] }],
    ['has another number', { ...ONE, mobile: '9811111199' }],
    ['says that the number is not theirs', { ...ONE, numberState: 'quarantined' }],
    ['is disconnected', { ...ONE, state: 'disconnected' }],
    ['is erased', null],
  ])('a text that waits does not reach one who %s meanwhile', async (_what, change) => {
    await settle(db, [ONE, TWO]);
    link.hasRoom = false;
    await cut(1, ['F-1']).report();
    await expanded();
    if (change === null) await withTransaction(db, (tx) => onConnectionErased(tx, [idOf(ONE.account)]));
    else await settle(db, [change], 2);
    link.hasRoom = true;
    desk?.wake();
    expect(await told()).toEqual({ 1102: ['off'] });
    const [run] = await query<{ counts: Record<string, number> }>(db, 'select counts from run');
    expect(run?.counts).toMatchObject({ accepted: 1, superseded: 1 });
  });

  test('but another account of the same mobile', async () => {
    await settle(db, [ONE, { ...TWO, mobile: '9811111101' }]);
    link.hasRoom = false;
    await cut(1, ['F-1']).report();
    await expanded();
    await settle(db, [{ ...ONE, purposes: ['billing'] }], 2);
    link.hasRoom = true;
    desk?.wake();
    expect(await told()).toEqual({ 1101: ['off'] });
  });

  test('a contact whose number moves between two chunks is told once', async () => {
    await settle(db, [ONE]);
    const feeder = cut(1, ['F-1']);
    await feeder.report();
    expect(await told()).toEqual({ 1101: ['off'] });
    await settle(db, [{ ...ONE, mobile: '9811111199' }], 2);

    await feeder.then({ type: 'RestorationEstimateChanged', estimatedRestorationAt: at(600) });
    expect(await told()).toEqual({ 1199: ['off'] });
  });

  test('yesterday’s cut makes today’s no new time', async () => {
    await settle(db, [ONE]);
    const [yesterday, today] = [cut(1, ['F-1']), cut(2, ['F-1'], { estimatedRestorationAt: at(600) })];
    await yesterday.report();
    await told();
    await yesterday.restore();
    expect(await told()).toEqual({ 1101: ['back'] });

    await today.report();
    expect(await told()).toEqual({ 1101: ['off'] });
  });
});

test('a number that moves into a chunk that is expanded later makes no second row, and its neighbours there are told', async () => {
  const many = Array.from({ length: 12_000 }, (_, n) => ({
    account: `40000${String(n).padStart(5, '0')}`,
    node: 'DT-1',
    mobile: `95000${String(n).padStart(5, '0')}`,
    language: 'en' as const,
  }));
  await desk?.stop();
  await settle(db, many);
  await cut(1, ['F-1']).report();
  const chunks = await query<{ n: number; low: string; high: string }>(
    db,
    'select chunk_no as n, range_from::text as low, range_to::text as high from chunk order by 1',
  );
  const [early, late] = [chunks[0], chunks.at(-1)];
  const [moving] = await query<{ account: string }>(
    db,
    `select account_number as account from audience where mobile_index between :low::bigint and :high::bigint limit 1`,
    { low: early?.low ?? '', high: early?.high ?? '' },
  );
  const [staying] = await query<{ account: string }>(
    db,
    `select account_number as account from audience where mobile_index between :low::bigint and :high::bigint limit 1`,
    { low: late?.low ?? '', high: late?.high ?? '' },
  );
  const moved = many.find(({ account }) => account === moving?.account);
  const kept = many.find(({ account }) => account === staying?.account);
  if (moved === undefined || kept === undefined) throw new Error('no such home');
  let hasMoved: Promise<void> | null = null;
  link = linkOf(async (message, partNo) => {
    hasMoved ??= settle(db, [{ ...moved, mobile: kept.mobile }], 2);
    await hasMoved;
    return { ref: message.ref, partNo, kind: 'accepted', providerMessageId: `${message.ref}-${message.destination}` };
  });
  desk = startSender(db, link, { mostAhead: 50 }).desk;
  await allEnded(db);

  const rows = await query<{ n: number }>(
    db,
    `select count(*)::int as n from ledger group by connection_id, contact_no having count(*) > 1`,
  );
  expect(rows).toEqual([]);
  expect(new Set(link.sent.map(({ destination }) => destination)).size).toBe(link.sent.length);
  expect(link.sent.map(({ destination }) => destination)).toContain(`91${kept.mobile}`);
});
