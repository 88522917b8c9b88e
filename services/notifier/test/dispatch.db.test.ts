import type { Database } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { until } from '@bijli/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Dispatcher, dispatcher } from '../src/dispatch/dispatcher.ts';
import { outcomeRecorder } from '../src/dispatch/outcome-recorder.ts';
import { sendWindow } from '../src/dispatch/send-window.ts';
import { type RunCounts, runCounts } from '../src/domain/run-counts.ts';
import { dataCodings, decodeText } from '@bijli/smpp';
import type { OutgoingMessage } from '../src/smpp/index.ts';
import { claimChunk } from '../src/store/claim-chunk.ts';
import { findRuns, type RunView } from '../src/store/find-runs.ts';
import { setSendingSwitch } from '../src/store/sending-switch.ts';
import { openCatalogue } from '../src/templates/catalogue.ts';
import { accepting, linkOf, type ScriptedLink } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { type Home, outage, plan, sealKeys, settle } from './town-of-six.ts';

const HOMES: readonly Home[] = [
  { account: '1000000001', node: 'DT-1', mobile: '9811111101' },
  { account: '1000000002', node: 'DT-1', mobile: '9811111102', language: 'en' },
  { account: '1000000003', node: 'DT-2', mobile: '9811111102', language: 'hi' },
  { account: '1000000004', node: 'F-1' },
  { account: '1000000005', node: 'DT-2', mobile: '9811111105', state: 'disconnected' },
  { account: '1000000006', node: 'F-2', mobile: '9811111106' },
  { account: '1000000007', node: 'DT-2', mobile: '9811111107', category: 'hospital' },
];

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let running: Dispatcher | undefined;

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await db.raw('truncate run, audience, audience_version, ledger, attempt, receipt, count_delta cascade');
  await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
  await settle(db, HOMES);
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
afterAll(() => database.close());

function send(link: ScriptedLink, sliceSize = 50): ScriptedLink {
  running = dispatcher(
    {
      db,
      link,
      provider: 'test',
      catalogue: openCatalogue(),
      sealKeys,
      outcomes: outcomeRecorder(db, { onFailure: (error) => console.error(error), retryAfterMs: () => 50 }),
      window: sendWindow(2 * sliceSize),
      sliceSize,
      onAccepted: () => {},
      log: openLog('test', 'silent'),
    },
    { workers: 2, idleMs: 20 },
  );
  void running.start();
  return link;
}

async function ended(revision: number): Promise<{ run: RunView; counts: RunCounts }> {
  const run = await until(
    async () => (await findRuns(db, { limit: 50 })).find((one) => one.revision === revision && one.endedAt !== null),
    { describe: `run of revision ${revision} to end` },
  );
  return { run, counts: runCounts(run.measures, run.audienceSize, true) };
}

function mobilesOf(link: ScriptedLink): string[] {
  return link.sent.map((message) => message.destination).sort();
}

function textOf(message: OutgoingMessage): string {
  return decodeText(dataCodings[message.coding], message.parts[0] ?? Buffer.alloc(0));
}

function sumOf(counts: RunCounts): number {
  const skipped = Object.values(counts.skipped).reduce((a, b) => a + b, 0);
  return (
    counts.accepted + counts.rejected + counts.inDoubt + counts.superseded + counts.stale + counts.coalesced + skipped
  );
}

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
    expect(shared && textOf(shared)).toMatch(/^Several of your a\/cs: power is off\. Cause: line fault\./);
    const single = link.sent.find((message) => message.destination === '919811111101');
    expect(single && textOf(single)).toMatch(/^खाता \.\.0001: बिजली बंद: लाइन खराबी।/);
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
    expect((await ended(1)).run.state).toBe('refused');
    expect(link.sent).toEqual([]);
  });

  test('is held when its news is late', async () => {
    await plan(db, outage({}, new Date(Date.now() - 45 * 60_000)));

    expect(await claimChunk(db)).toBeNull();
  });

  test('sends nothing past its use', async () => {
    const now = new Date();
    await plan(db, outage({ estimatedRestorationAt: new Date(now.getTime() - 1_000) }));

    const link = send(linkOf(accepting()));

    const { counts } = await ended(1);
    expect(link.sent).toEqual([]);
    expect(counts).toMatchObject({ stale: 3, accepted: 0 });
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
    expect(link.sent.map(textOf).every((text) => /बिजली अब|new time/.test(text))).toBe(true);
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

    // With slices of one message two texts are on their way when the newer revision is planned, and the third waits.
    const link = send(
      linkOf(async (message, partNo) => {
        await release.promise;
        return accept(message, partNo);
      }),
      1,
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

  test('goes to the number that was told, though the connection has a new one', async () => {
    const reported = outage();
    await plan(db, reported);
    const link = send(linkOf(accepting()));
    await ended(1);
    link.sent.length = 0;
    await settle(db, [{ account: '1000000001', node: 'DT-1', mobile: '9822222201' }], 2);

    await plan(db, restored(reported));

    await ended(2);
    expect(mobilesOf(link)).toContain('919811111101');
    expect(mobilesOf(link)).not.toContain('919822222201');
  });

  test('before anything left is told to nobody', async () => {
    await plan(db, outage());
    await plan(db, restored(outage()));

    const link = send(linkOf(accepting()));

    const first = await ended(1);
    const { counts } = await ended(2);
    expect(link.sent).toEqual([]);
    expect(first.counts).toMatchObject({ audience: 6, superseded: 6 });
    expect(counts.audience).toBe(0);
  });
});

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
    const late = Promise.withResolvers<void>();
    const accept = accepting();
    const frozen = linkOf(async (message, partNo) => {
      await late.promise;
      return accept(message, partNo);
    });
    send(frozen, 5);
    const firstHolder = running;
    await until(() => frozen.sent.length > 0, { describe: 'the first text to be on its way' });
    // The first holder hangs without a word, and its lease runs out.
    frozen.lose();
    await db.raw(`update chunk set leased_until = now() - interval '1 s' where state <> 'done'`);

    const second = send(linkOf(accepting()), 5);

    const { counts } = await ended(1);
    expect(counts.inDoubt).toBeGreaterThan(0);
    expect(counts.inDoubt).toBeLessThanOrEqual(10);
    expect(counts.inDoubt + counts.accepted).toBe(22);
    const twice = mobilesOf(second).filter((mobile) => frozen.sent.some((message) => message.destination === mobile));
    expect(twice).toEqual([]);

    // It wakes up after all: what it commits now is evidence, and the counts stay.
    late.resolve();
    await firstHolder?.stop();
    expect((await ended(1)).counts).toEqual(counts);
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
