import { query } from '@bijli/postgres';
import type { Database } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { parseSealKeys } from '@bijli/units';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { OutgoingMessage, SubmitOutcome } from '../src/smpp/index.ts';
import { claimChunk } from '../src/store/claim-chunk.ts';
import { setSendingSwitch } from '../src/store/sending-switch.ts';
import { accepting, linkOf, type ScriptedLink } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { HOMES, mobilesOf, runEnded, type Sender, startSender, sumOf, textOf } from './sending.ts';
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
  await query(db, 'truncate run, audience, audience_version, ledger, attempt, receipt, count_delta cascade');
  await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
  await settle(db, HOMES);
});
afterEach(async () => {
  for (const give of keptBack) give();
  keptBack = [];
  await Promise.all(senders.map(({ dispatcher }) => dispatcher.stop()));
  senders = [];
});
afterAll(() => database.close());

function start(...options: Parameters<typeof startSender> extends [Database, ...infer Rest] ? Rest : never): Sender {
  const sender = startSender(db, ...options);
  senders.push(sender);
  return sender;
}

function send(link: ScriptedLink, sliceSize = 50): ScriptedLink {
  start(link, { sliceSize });
  return link;
}

const ended = (revision: number) => runEnded(db, revision);
const throttled = (message: OutgoingMessage, partNo: number): SubmitOutcome => ({
  ref: message.ref,
  partNo,
  kind: 'throttled',
});

/** A moment that a provider waits for before it answers. */
function moment(): { come: () => void; awaited: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  keptBack.push(resolve);
  return { come: resolve, awaited: promise };
}

/** Makes the leases run out of holders that went away. */
const endLeases = () => query(db, `update chunk set leased_until = now() - interval '1 s' where state <> 'done'`);

/**
 * Waits until another holder has what the first one held, whose last statements may still renew its lease. The first one
 * has one worker: a second one might have looked for work just before the link was lost, and claim it itself.
 */
const takenOver = () =>
  until(
    async () => {
      await query(
        db,
        `update chunk set leased_until = now() - interval '1 s' where state <> 'done' and epoch = 1 and leased_until >= now()`,
      );
      return (await db('chunk').whereNot('state', 'done').where('epoch', '<=', 1)).length === 0;
    },
    { describe: 'the chunks to be claimed again' },
  );

describe('what can go wrong', () => {
  test('a holder that dies leaves in doubt what it wrote ahead, and the next one goes on above', async () => {
    await settle(
      db,
      Array.from({ length: 20 }, (_, n) => ({
        account: `20000000${String(n).padStart(2, '0')}`,
        node: 'DT-1',
        mobile: `97000000${String(n).padStart(2, '0')}`,
      })),
    );
    await plan(db, outage({ nodeIds: ['DT-1'] }));
    const late = moment();
    const accept = accepting();
    const frozen = linkOf(async (message, partNo) => {
      await late.awaited;
      return accept(message, partNo);
    });
    const { dispatcher: firstHolder } = start(frozen, { sliceSize: 5, workers: 1 });
    await until(() => frozen.sent.length > 0, { describe: 'the first text to be on its way' });
    // The first holder hangs without a word, and its lease runs out.
    frozen.lose();
    const second = send(linkOf(accepting()), 5);
    await takenOver();

    const { counts } = await ended(1);
    expect(counts.inDoubt).toBeGreaterThan(0);
    expect(counts.inDoubt).toBeLessThanOrEqual(10);
    expect(counts.inDoubt + counts.accepted).toBe(22);
    const twice = mobilesOf(second).filter((mobile) => frozen.sent.some((message) => message.destination === mobile));
    expect(twice).toEqual([]);

    // It wakes up after all: what it commits now is evidence, and the counts stay. Only its parts are known now, for their receipts.
    late.come();
    await firstHolder.stop();
    const accepted = counts.accepted + frozen.sent.length;
    expect((await ended(1)).counts).toEqual({ ...counts, parts: { ...counts.parts, accepted, awaited: accepted } });
  });

  test('a throttled text goes again and is told once', async () => {
    await plan(db, outage());
    const accept = accepting();
    let isFirst = true;
    const link = send(
      linkOf((message, partNo) => {
        if (!isFirst) return accept(message, partNo);
        isFirst = false;
        return { ref: message.ref, partNo, kind: 'throttled' };
      }),
    );

    const { counts } = await ended(1);
    expect(counts).toMatchObject({ accepted: 3, rejected: 0, inDoubt: 0 });
    expect(link.sent).toHaveLength(4);
  });

  test('while sending is stopped nothing leaves, and all of it when it resumes', async () => {
    await setSendingSwitch(db, { isStopped: true, reason: 'test', changedBy: 'test' });
    await plan(db, outage());
    const link = send(linkOf(accepting()));
    await until(async () => (await claimChunk(db)) === null, { describe: 'no chunk to be claimable' });
    expect(link.sent).toEqual([]);

    await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });

    await ended(1);
    expect(link.sent).toHaveLength(3);
  });

  test('an answer that never comes is in doubt and is not "told again"', async () => {
    await plan(db, outage());
    const link = send(linkOf((message, partNo) => ({ ref: message.ref, partNo, kind: 'in-doubt' })));

    const { counts } = await ended(1);
    expect(counts).toMatchObject({ inDoubt: 3, accepted: 0 });
    expect(link.sent).toHaveLength(3);
  });
});

describe('a process that stops', () => {
  test('leaves the last slice to the next holder: nobody is pending when the run has ended', async () => {
    await plan(db, outage());
    const link = linkOf(throttled);
    const { dispatcher } = start(link);
    await until(async () => (await written()) === 3, { describe: 'everything to be written ahead' });

    await dispatcher.stop();
    send(linkOf(accepting()));

    const { counts } = await ended(1);
    expect(counts).toMatchObject({ pending: 0, inDoubt: 3 });
    expect(sumOf(counts)).toBe(counts.audience);
  });

  test('does stop, though its window is full of texts that the provider does not take', async () => {
    // Nobody hears first here, so that all three are one chunk: two slices fill the window and the third waits for room.
    await settle(db, [{ account: '1000000007', node: 'DT-2', mobile: '9811111107' }], 2);
    await plan(db, outage());
    const { dispatcher, window } = start(linkOf(throttled), { sliceSize: 1 });
    await until(() => window.inUse() === 2, { describe: 'the window to be full' });

    await dispatcher.stop();

    expect(window.inUse()).toBe(0);
  });

  async function written(): Promise<number> {
    const rows = await query<{ n: number }>(db, 'select cast(sum(cursor) as int) as n from chunk');
    return rows[0]?.n ?? 0;
  }
});

describe('a holder', () => {
  test('that goes away between the parts of a text leaves the whole text in doubt', async () => {
    const now = new Date();
    await plan(
      db,
      outage({
        type: 'PlannedOutageAnnounced',
        kind: 'planned',
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
    const { dispatcher } = start(half, { workers: 1 });
    await until(async () => (await db('attempt')).length > 0, {
      describe: 'the answer to a first part to be committed',
    });
    half.lose();
    send(linkOf(accepting()));
    await takenOver();

    const { counts } = await ended(1);
    expect(counts.pending).toBe(0);
    expect(counts.inDoubt).toBeGreaterThan(0);
    expect(sumOf(counts)).toBe(counts.audience);
    late.come();
    await dispatcher.stop();
  });

  test('that commits what it heard after its chunk was claimed again leaves nobody pending', async () => {
    await plan(db, outage());
    const late = moment();
    const accept = accepting();
    const frozen = linkOf(async (message, partNo) => {
      await late.awaited;
      return accept(message, partNo);
    });
    const { dispatcher } = start(frozen, { workers: 1 });
    await until(() => frozen.sent.length > 0, { describe: 'a text to be on its way' });
    frozen.lose();
    await endLeases();
    while ((await claimChunk(db)) !== null);
    late.come();
    await dispatcher.stop();
    await endLeases();

    send(linkOf(accepting()));

    const { counts } = await ended(1);
    expect(counts.pending).toBe(0);
    expect(sumOf(counts)).toBe(counts.audience);
  });

  test('is not overtaken by the next revision while its texts are on their way: nobody is left without the first news', async () => {
    const reported = outage({ nodeIds: ['DT-1'] });
    await plan(db, reported);
    const answered = moment();
    const accept = accepting();
    const link = send(
      linkOf(async (message, partNo) => {
        await answered.awaited;
        return link.sent.length <= 2 ? throttled(message, partNo) : accept(message, partNo);
      }),
    );
    await until(() => link.sent.length > 0, { describe: 'a text to be on its way' });

    // A change too small to be told again to those who know the first time.
    await plan(db, {
      ...reported,
      version: 2,
      type: 'RestorationEstimateChanged',
      estimatedRestorationAt: new Date(reported.estimatedRestorationAt.getTime() + 600_000),
    });
    const claimedMeanwhile = await claimChunk(db);
    answered.come();

    expect(claimedMeanwhile).toBeNull();
    const { counts } = await ended(2);
    expect(counts).toMatchObject({ accepted: 2, skipped: {} });
    expect(
      link.sent
        .slice(-2)
        .map(textOf)
        .every((text) => /बिजली बंद|power is off/.test(text)),
    ).toBe(true);
  });
});

describe('a chunk whose numbers nobody can open', () => {
  test('ends with its run, which it does not keep open for ever', async () => {
    await plan(db, outage());
    const { dispatcher } = start(linkOf(accepting()), { keys: parseSealKeys(`k2:${'33'.repeat(32)}`) });
    const failures = async () =>
      (await dispatcher.metrics?.())?.find(({ name }) => name === 'bijli_notifier_dispatch_failures_total')?.samples[0];
    await until(async () => Number((await failures())?.value) > 0, { describe: 'the sending to fail' });

    await query(db, `update run set not_after = now() - interval '1 s'`);
    await until(
      async () => {
        await endLeases();
        return (await db('run').whereNotNull('ended_at')).length === 1;
      },
      { describe: 'the run to end' },
    );

    const { counts } = await ended(1);
    expect(sumOf(counts)).toBe(counts.audience);
    expect(counts.stale).toBeGreaterThan(0);
  });
});

describe('a database that fails for a moment', () => {
  test('while texts wait for the provider costs neither room in the window nor the lease', async () => {
    await plan(db, outage());
    let isAway = false;
    let failures = 0;
    const flaky = new Proxy(db, {
      get(target, name, receiver) {
        if (name !== 'raw') return Reflect.get(target, name, receiver) as unknown;
        return (sql: string, bindings: Record<string, string>) => {
          if (!isAway || !/update chunk/.test(sql)) return target.raw(sql, bindings);
          failures += 1;
          if (failures === 2) isAway = false;
          return Promise.reject(new Error('connection lost'));
        };
      },
    });
    const accept = accepting();
    const link = linkOf((message, partNo) => {
      if (failures > 0) return accept(message, partNo);
      isAway = true;
      return throttled(message, partNo);
    });
    const sender = startSender(flaky, link);
    senders.push(sender);

    const { counts } = await ended(1);

    expect(failures).toBe(2);
    expect(counts).toMatchObject({ accepted: 3, inDoubt: 0 });
    expect(sender.window.inUse()).toBe(0);
  });
});
