import { query } from '@bijli/postgres';
import type { Database } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newId } from '@bijli/units';
import type { Desk } from '../src/dispatch/desk.ts';
import { holdChunks } from '../src/store/chunks/hold-chunks.ts';
import { setSendingSwitch } from '../src/store/runs/sending-switch.ts';
import { accepting, linkOf, type ScriptedLink } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { EMPTY_TABLES } from './receiving.ts';
import { HOMES, inEachLane, mobilesOf, runEnded, startSender, sumOf, textOf } from './sending.ts';
import { outage, plan, settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let running: Desk | undefined;

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
  await running?.stop();
  running = undefined;
});
afterAll(() => database.close());

function send(link: ScriptedLink, mostAhead = 100): ScriptedLink {
  running = startSender(db, link, { mostAhead }).desk;
  return link;
}

const ended = (revision: number) => runEnded(db, revision);

describe('a run', () => {
  test('sends one text per reachable mobile and accounts for everybody', async () => {
    await plan(db, outage());

    const link = send(linkOf(accepting()));

    const { run, counts } = await ended(1);
    expect(mobilesOf(link)).toEqual(['919811111101', '919811111102', '919811111107']);
    expect(run.state).toBe('complete');
    expect(counts).toMatchObject({
      audience: 6,
      pending: 0,
      accepted: 3,
      coalesced: 1,
      skipped: { 'no-number': 1, 'not-active': 1 },
    });
    expect(sumOf(counts)).toBe(counts.audience);
  });

  test('tells those who hang on a hospital first', async () => {
    await plan(db, outage());

    const link = send(linkOf(accepting()));

    await ended(1);
    expect(link.sent[0]?.destination).toBe('919811111107');
  });

  test('names no account to a mobile on several, in the language of the lowest account', async () => {
    await plan(db, outage());

    const link = send(linkOf(accepting()));

    await ended(1);
    const shared = link.sent.find((message) => message.destination === '919811111102');
    expect(shared && textOf(shared)).toMatch(/^Your a\/cs: power is off\. Cause: line fault\./);
    const single = link.sent.find((message) => message.destination === '919811111101');
    expect(single && textOf(single)).toMatch(/^खाता 0001: बिजली बंद: लाइन खराबी।/);
  });

  test('is planned once, however often its event is heard', async () => {
    await plan(db, outage());

    expect(await plan(db, outage())).toEqual({ outcome: 'known' });
  });

  test('is not planned for a revision older than one already planned', async () => {
    await plan(db, outage({ version: 2, type: 'RestorationEstimateChanged' }));

    expect(await plan(db, outage({ version: 1 }))).toEqual({ outcome: 'known' });
  });

  test('is refused whole when its audience is too large', async () => {
    expect(await plan(db, outage(), { largestAudience: 5 })).toMatchObject({ outcome: 'refused', audienceSize: 6 });

    const link = send(linkOf(accepting()));
    const { run, counts } = await ended(1);
    expect(run.state).toBe('refused');
    expect(counts).toMatchObject({ audience: 6, pending: 0, skipped: { 'audience-too-large': 6 } });
    expect(link.sent).toEqual([]);
  });

  test('is held when its news is late', async () => {
    await plan(db, outage({}, new Date(Date.now() - 45 * 60_000)));

    expect(
      await holdChunks(db, { holderId: newId(), dead: [], room: inEachLane(10), mostOfRun: 3, partStride: 1 }),
    ).toEqual([]);
  });

  test('sends nothing past its use', async () => {
    await plan(db, outage({ status: 'announced', estimatedRestorationAt: new Date(Date.now() - 1_000) }));

    const link = send(linkOf(accepting()));

    const { counts } = await ended(1);
    expect(link.sent).toEqual([]);
    expect(counts).toMatchObject({ stale: 6, accepted: 0 });
    expect(sumOf(counts)).toBe(counts.audience);
  });
});

describe('a moved return time', () => {
  test('is told to those who were told, as a change', async () => {
    const reported = outage();
    await plan(db, reported);
    const link = send(linkOf(accepting()));
    await ended(1);
    link.sent.length = 0;

    await plan(db, {
      ...reported,
      version: 2,
      type: 'RestorationEstimateChanged',
      estimatedRestorationAt: new Date(reported.estimatedRestorationAt.getTime() + 3_600_000),
    });

    await ended(2);
    expect(mobilesOf(link)).toEqual(['919811111101', '919811111102', '919811111107']);
    expect(link.sent.map(textOf).every((text) => /बिजली अब|revised time/.test(text))).toBe(true);
  });

  test('is told to nobody when it moved by half an hour or less', async () => {
    const reported = outage();
    await plan(db, reported);
    const link = send(linkOf(accepting()));
    await ended(1);
    link.sent.length = 0;

    await plan(db, {
      ...reported,
      version: 2,
      type: 'RestorationEstimateChanged',
      estimatedRestorationAt: new Date(reported.estimatedRestorationAt.getTime() + 1_800_000),
    });

    const { counts } = await ended(2);
    expect(link.sent).toEqual([]);
    expect(counts.skipped['no-change']).toBe(4);
  });

  test('takes over a run half way: nobody twice, nobody never', async () => {
    const reported = outage();
    await plan(db, reported);
    const release = Promise.withResolvers<void>();
    const accept = accepting();
    const moved = {
      ...reported,
      version: 2,
      type: 'RestorationEstimateChanged' as const,
      estimatedRestorationAt: new Date(reported.estimatedRestorationAt.getTime() + 3_600_000),
    };

    // With two messages written ahead at most, two texts are on their way when the newer revision is planned, and the third waits.
    const link = send(
      linkOf(async (message, partNo) => {
        await release.promise;
        return accept(message, partNo);
      }),
      2,
    );
    await until(() => link.sent.length === 2, { describe: 'two texts to be on their way' });
    await plan(db, moved);
    release.resolve();

    const first = await ended(1);
    await ended(2);
    const texts = Map.groupBy(link.sent, (message) => message.destination);
    for (const messages of texts.values()) {
      const initial = messages.filter((message) => /बिजली बंद|power is off/.test(textOf(message)));
      expect(initial).toHaveLength(1);
    }
    expect([...texts.keys()].sort()).toEqual(['919811111101', '919811111102', '919811111107']);
    expect(first.run.state).toBe('superseded');
    expect(sumOf(first.counts)).toBe(first.counts.audience);
  });
});

describe('the return of supply', () => {
  const restored = (reported: ReturnType<typeof outage>) => ({
    ...reported,
    version: 2,
    type: 'SupplyRestored' as const,
    status: 'restored' as const,
    restoredAt: new Date(),
  });

  test('is told to those who were told and to nobody else', async () => {
    const reported = outage();
    await plan(db, reported);
    const accept = accepting();
    const link = send(
      linkOf((message, partNo) =>
        message.destination === '919811111101'
          ? { ref: message.ref, partNo, kind: 'rejected', status: 11 }
          : accept(message, partNo),
      ),
    );
    const { counts } = await ended(1);
    expect(counts).toMatchObject({ rejected: 1, accepted: 2 });
    link.sent.length = 0;

    await plan(db, restored(reported));

    await ended(2);
    expect(mobilesOf(link)).toEqual(['919811111102', '919811111107']);
  });

  test('is told to no number that is not the contact’s any more, nor to its new one, which was told nothing', async () => {
    const reported = outage();
    await plan(db, reported);
    const link = send(linkOf(accepting()));
    await ended(1);
    link.sent.length = 0;
    await settle(db, [{ account: '1000000001', node: 'DT-1', mobile: '9822222201' }], 2);

    await plan(db, restored(reported));

    await ended(2);
    expect(mobilesOf(link)).toEqual(['919811111102', '919811111107']);
  });

  test('before anything left is told to nobody', async () => {
    await plan(db, outage());
    await plan(db, restored(outage()));

    const link = send(linkOf(accepting()));

    const first = await ended(1);
    const { counts } = await ended(2);
    expect(link.sent).toEqual([]);
    expect(first.counts).toMatchObject({ audience: 6, superseded: 6 });
    expect(counts).toMatchObject({
      audience: 6,
      accepted: 0,
      skipped: { 'not-told': 4, 'no-number': 1, 'not-active': 1 },
    });
  });
});
