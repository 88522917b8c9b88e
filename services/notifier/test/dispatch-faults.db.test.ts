import { type Database, query } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { newId, parseSealKeys } from '@bijli/units';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { OutgoingMessage, SubmitOutcome } from '../src/smpp/index.ts';
import { holdChunks } from '../src/store/chunks/hold-chunks.ts';
import { setSendingSwitch } from '../src/store/runs/sending-switch.ts';
import { accepting, linkOf, type ScriptedLink } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { EMPTY_TABLES } from './receiving.ts';
import {
  HOMES,
  inEachLane,
  latestRun,
  mobilesOf,
  runEnded,
  type Sender,
  startSender,
  sumOf,
  textOf,
} from './sending.ts';
import { outage, plan, settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let senders: Sender[] = [];
/** Answers that a provider keeps back: given at the end of each test, so that one that fails fails alone. */
let keptBack: (() => void)[] = [];

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
  await settle(db, HOMES);
});
afterEach(async () => {
  for (const give of keptBack) give();
  keptBack = [];
  await Promise.all(senders.map(({ desk }) => desk.stop()));
  senders = [];
});
afterAll(() => database.close());

function start(...options: Parameters<typeof startSender> extends [Database, ...infer Rest] ? Rest : never): Sender {
  const sender = startSender(db, ...options);
  senders.push(sender);
  return sender;
}

const ended = (revision: number) => runEnded(db, revision);
const throttled = (message: OutgoingMessage, partNo: number): SubmitOutcome => ({
  ref: message.ref,
  partNo,
  kind: 'throttled',
  status: 0x58,
});

/** A moment that a provider waits for before it answers. */
function moment(): { come: () => void; awaited: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  keptBack.push(resolve);
  return { come: resolve, awaited: promise };
}

/** A link whose provider answers only when it is let, and then accepts. */
function slowLink(): { link: ScriptedLink; come: () => void } {
  const late = moment();
  const accept = accepting();
  const link = linkOf(async (message, partNo) => {
    await late.awaited;
    return accept(message, partNo);
  });
  return { link, come: late.come };
}

const states = () =>
  query<{ seq: number; send_no: number; state: string }>(
    db,
    'select seq, send_no, state from message_state order by 1, 2, 3',
  );
/** As if the wait of everything in doubt were over. */
const endWaits = () =>
  query(db, `update message_state set recorded_at = recorded_at - interval '61 s' where state = 'ambiguous'`);

describe('what can go wrong', () => {
  test('a holder that dies leaves in doubt what it wrote ahead, which goes once more when nobody answered', async () => {
    const many = Array.from({ length: 20 }, (_, n) => ({
      account: `20000000${String(n).padStart(2, '0')}`,
      node: 'DT-1',
      mobile: `97000000${String(n).padStart(2, '0')}`,
    }));
    await settle(db, many);
    await plan(db, outage({ nodeIds: ['DT-1'] }));
    const frozen = slowLink();
    const first = start(frozen.link, { mostAhead: 10 });
    await until(() => frozen.link.sent.length > 0 && first.desk.inFlight() === 10, {
      describe: 'ten texts to be written ahead',
    });
    frozen.link.lose();

    const second = linkOf(accepting());
    const heir = start(second, { dead: [first.holderId] });
    await until(() => second.sent.length === 12, { describe: 'the others to be told' });
    await until(async () => (await latestRun(db))?.counts.accepted === 12, { describe: 'their answers to be counted' });
    expect((await latestRun(db))?.counts.inDoubt).toBe(10);
    await heir.desk.stop();
    await endWaits();
    const third = linkOf(accepting());
    start(third, { dead: [first.holderId] });

    const { counts } = await ended(1);
    expect(counts).toMatchObject({ inDoubt: 0, accepted: 22 });
    const told = Map.groupBy([...second.sent, ...third.sent], ({ destination }) => destination);
    expect(told.size).toBe(22);
    expect([...told.values()].every((texts) => texts.length === 1)).toBe(true);
  });

  test('a holder that wakes up late settles what it knows: nothing goes twice that was accepted', async () => {
    await plan(db, outage());
    const frozen = slowLink();
    const first = start(frozen.link);
    await until(() => frozen.link.sent.length > 0, { describe: 'a text to be on its way' });
    frozen.link.lose();
    const second = linkOf(accepting());
    const heir = start(second, { dead: [first.holderId] });
    await until(async () => (await states()).some(({ state }) => state === 'ambiguous'), {
      describe: 'the heir to take over',
    });

    frozen.come();
    await first.desk.stop();
    await until(async () => (await latestRun(db))?.counts.accepted === 3, { describe: 'the late answers to count' });
    await heir.desk.stop();
    await endWaits();
    start(linkOf(accepting()));

    const { counts } = await ended(1);
    expect(counts).toMatchObject({ accepted: 3, inDoubt: 0, pending: 0 });
    expect(sumOf(counts)).toBe(counts.audience);
    expect(frozen.link.sent.length + second.sent.length).toBe(3);
  });

  test('a throttled text goes again and is told once', async () => {
    await plan(db, outage());
    const accept = accepting();
    let isFirst = true;
    const link = linkOf((message, partNo) => {
      if (!isFirst) return accept(message, partNo);
      isFirst = false;
      return throttled(message, partNo);
    });
    start(link);

    const { counts } = await ended(1);
    expect(counts).toMatchObject({ accepted: 3, rejected: 0, inDoubt: 0 });
    expect(link.sent).toHaveLength(4);
  });

  test.each([0x08, 0x64, 0x45, 0x04])(
    'a status that passes (0x%s) is no end: everybody is told after it',
    async (status) => {
      await plan(db, outage());
      const accept = accepting();
      const refused = new Set<string>();
      const link = linkOf((message, partNo) => {
        if (refused.has(message.destination)) return accept(message, partNo);
        refused.add(message.destination);
        return { ref: message.ref, partNo, kind: 'throttled', status };
      });
      start(link);

      expect((await ended(1)).counts).toMatchObject({ accepted: 3, rejected: 0 });
    },
  );

  test('a status that nobody explains is tried three times, one of the number is final', async () => {
    await plan(db, outage());
    const link = linkOf((message, partNo) => ({
      ref: message.ref,
      partNo,
      kind: 'rejected',
      status: message.destination === '919811111101' ? 0x0b : 0x7777,
    }));
    start(link);

    expect((await ended(1)).counts).toMatchObject({ accepted: 0, rejected: 3 });
    expect(mobilesOf(link).filter((mobile) => mobile === '919811111101')).toHaveLength(1);
    expect(link.sent).toHaveLength(1 + 2 * 3);
  });

  test('a header that the provider does not know rejects no number, and stops by itself', async () => {
    await settle(
      db,
      Array.from({ length: 400 }, (_, n) => ({
        account: `30000${String(n).padStart(5, '0')}`,
        node: 'DT-1',
        mobile: `96000${String(n).padStart(5, '0')}`,
      })),
    );
    await plan(db, outage({ nodeIds: ['DT-1'] }));
    const link = linkOf((message, partNo) => ({ ref: message.ref, partNo, kind: 'rejected', status: 0x0a }));
    const { desk, refusals } = start(link, { mostAhead: 50 });
    await until(() => link.sent.length >= 10 && desk.inFlight() === 0, { describe: 'the breaker to open' });

    await until(async () => (await refusals.ready?.())?.detail === 'open: header', {
      describe: 'the breaker to be told',
    });
    expect(link.sent.length).toBeLessThanOrEqual(200);
    expect((await latestRun(db))?.counts).toMatchObject({ rejected: 0, accepted: 0 });
  });

  test('while sending is stopped nothing leaves, and all of it when it resumes', async () => {
    await setSendingSwitch(db, { isStopped: true, reason: 'test', changedBy: 'test' });
    await plan(db, outage());
    const link = linkOf(accepting());
    start(link);
    expect(
      await holdChunks(db, { holderId: newId(), dead: [], room: inEachLane(10), mostOfRun: 3, partStride: 1 }),
    ).toEqual([]);
    expect(link.sent).toEqual([]);

    await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });

    await ended(1);
    expect(link.sent).toHaveLength(3);
  });

  test('an answer that never comes is in doubt; the text goes once more, and then not again', async () => {
    await plan(db, outage());
    const silent = () => linkOf((message, partNo) => ({ ref: message.ref, partNo, kind: 'in-doubt' }));
    const link = silent();
    const first = start(link);
    await until(async () => (await latestRun(db))?.counts.inDoubt === 3, { describe: 'all to be in doubt' });
    expect(link.sent).toHaveLength(3);

    await first.desk.stop();
    await endWaits();
    const again = silent();
    start(again);

    const { counts } = await ended(1);
    expect(counts).toMatchObject({ inDoubt: 3, accepted: 0, pending: 0 });
    expect(again.sent).toHaveLength(3);
  });

  test('an answer that comes late is written of the send that it answers', async () => {
    await plan(db, outage());
    const silent = linkOf(({ ref }, partNo) => ({ ref, partNo, kind: 'in-doubt' }));
    const first = start(silent);
    await until(async () => (await latestRun(db))?.counts.inDoubt === 3, { describe: 'all to be in doubt' });
    await first.desk.stop();
    await endWaits();
    const late: (() => void)[] = [];
    start({
      ...silent,
      async submitSlice(messages, { onOutcomes, onLate }) {
        for (const message of messages) {
          const { ref } = message;
          onOutcomes([{ ref, partNo: 1, kind: 'in-doubt' }]);
          late.push(() => onLate?.({ ref, partNo: 1, kind: 'accepted', providerMessageId: `late-${ref}` }, message));
        }
      },
    });
    const again = async (state: string) =>
      (await states()).filter((row) => row.state === state && row.send_no > 1).length;
    await until(async () => (await again('ambiguous')) === 3, { describe: 'all to be in doubt again' });

    for (const answer of late) answer();

    await until(async () => (await latestRun(db))?.counts.accepted === 3, { describe: 'the late answers to count' });
    expect(await again('accepted')).toBe(3);
  });
});

describe('a process that stops', () => {
  test('gives back what the provider did not take: the next holder tells everybody, nobody is in doubt', async () => {
    await plan(db, outage());
    const link = linkOf(throttled);
    const { desk } = start(link);
    await until(() => link.sent.length >= 3, { describe: 'everything to be refused for now' });

    await desk.stop();
    const next = linkOf(accepting());
    start(next);

    const { counts } = await ended(1);
    expect(counts).toMatchObject({ pending: 0, inDoubt: 0, accepted: 3 });
    expect(mobilesOf(next)).toEqual(['919811111101', '919811111102', '919811111107']);
  });

  test('does stop, though the provider takes nothing', async () => {
    await plan(db, outage());
    const { desk } = start(linkOf(throttled), { mostAhead: 2 });
    await until(() => desk.inFlight() > 0, { describe: 'something to be on its way' });

    await desk.stop();

    expect(desk.inFlight()).toBe(0);
  });
});

describe('a holder', () => {
  test('that goes away between the parts of a text leaves the whole text in doubt', async () => {
    const now = new Date();
    await plan(
      db,
      outage({
        type: 'PlannedOutageAnnounced',
        kind: 'planned',
        status: 'announced',
        nodeIds: ['DT-1'],
        startsAt: new Date(now.getTime() + 24 * 3_600_000),
        estimatedRestorationAt: new Date(now.getTime() + 49 * 3_600_000),
      }),
    );
    const late = moment();
    const accept = accepting();
    const half = linkOf(async (message, partNo) => {
      if (partNo === 1) return accept(message, partNo);
      await late.awaited;
      return { ref: message.ref, partNo, kind: 'in-doubt' };
    });
    const first = start(half);
    await until(() => half.sent.length > 1, { describe: 'a second part to be on its way' });
    half.lose();
    start(linkOf(accepting()), { dead: [first.holderId] });

    await until(async () => (await states()).some(({ state }) => state === 'ambiguous'), {
      describe: 'the text to be in doubt',
    });
    const counts = (await latestRun(db))?.counts;
    expect(counts?.inDoubt).toBeGreaterThan(0);
    late.come();
  });

  test('is not overtaken by the next revision while its texts are on their way: nobody is left without the first news', async () => {
    const reported = outage({ nodeIds: ['DT-1'] });
    await plan(db, reported);
    const answered = moment();
    const accept = accepting();
    let refused = 0;
    const link = linkOf(async (message, partNo) => {
      await answered.awaited;
      refused += 1;
      return refused <= 2 ? throttled(message, partNo) : accept(message, partNo);
    });
    start(link);
    await until(() => link.sent.length > 0, { describe: 'a text to be on its way' });

    // A change too small to be told again to those who know the first time.
    await plan(db, {
      ...reported,
      version: 2,
      type: 'RestorationEstimateChanged',
      estimatedRestorationAt: new Date(reported.estimatedRestorationAt.getTime() + 600_000),
    });
    await until(async () => (await query(db, 'select from run_later')).length > 0, {
      describe: 'their mobiles to be put off',
    });
    answered.come();

    const { counts } = await ended(2);
    expect(counts).toMatchObject({ accepted: 2, pending: 0 });
    expect(
      link.sent
        .slice(-2)
        .map(textOf)
        .every((text) => /बिजली बंद|power is off/.test(text)),
    ).toBe(true);
  });
});

test('a chunk whose texts could not be read once it was expanded is told all the same', async () => {
  await plan(db, outage());
  const reads = /claim_no as "claimNo"/;
  let failures = 2;
  const flaky = new Proxy(db, {
    get: (target, name) => {
      const value: unknown = target[name as keyof Database];
      if (name !== 'raw') return typeof value === 'function' ? value.bind(target) : value;
      return (sql: string, ...rest: never[]) => {
        if (!reads.test(sql) || failures === 0) return target.raw.call(target, sql, ...(rest as [never]));
        failures -= 1;
        throw new Error('the connection was lost');
      };
    },
  });
  const link = linkOf(accepting());
  senders.push(startSender(flaky, link));
  const { counts } = await ended(1);

  expect(failures).toBe(0);
  expect(counts).toMatchObject({ accepted: 3, pending: 0 });
  expect(sumOf(counts)).toBe(counts.audience);
  expect(link.sent).toHaveLength(3);
});

describe('texts that cannot be made', () => {
  test('end alone: nobody can open these numbers, and the run ends', async () => {
    await plan(db, outage());
    start(linkOf(accepting()), { keys: parseSealKeys(`k1:${'33'.repeat(32)}`) });

    const { counts } = await ended(1);
    expect(counts).toMatchObject({ accepted: 0, unrenderable: 3, pending: 0 });
    expect(sumOf(counts)).toBe(counts.audience);
  });

  test('wait for their key: a process that has it sends them, once', async () => {
    await plan(db, outage());
    const without = linkOf(accepting());
    const { desk } = start(without, { keys: parseSealKeys(`k2:${'33'.repeat(32)}`) });
    await until(async () => (await query(db, `select from message_state where state = 'blocked'`)).length === 3, {
      describe: 'three texts to wait',
    });
    await desk.stop();
    expect(without.sent).toEqual([]);

    const again = linkOf(accepting());
    start(again);
    const { counts } = await ended(1);
    expect(counts).toMatchObject({ accepted: 3, pending: 0 });
    expect(again.sent).toHaveLength(3);
  });

  test('wait for their key as long as their run is of use', async () => {
    await plan(db, outage());
    start(linkOf(accepting()), { keys: parseSealKeys(`k2:${'33'.repeat(32)}`) });
    await until(async () => (await query(db, `select from message_state where state = 'blocked'`)).length === 3, {
      describe: 'three texts to wait',
    });
    await query(db, `update run set not_after = now()`);

    const { counts } = await ended(1);
    expect(counts).toMatchObject({ accepted: 0, stale: 3, pending: 0 });
    expect(sumOf(counts)).toBe(counts.audience);
  });
});
