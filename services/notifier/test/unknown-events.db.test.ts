import { query } from '@bijli/postgres';
import type { Database } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { findPersonalMessages } from '../src/store/personal/find-personal-messages.ts';
import { findRuns } from '../src/store/runs/find-runs.ts';
import { tellUnknown, unknownWords } from '../src/subscriptions/unknown-words.ts';
import { accepting, linkOf } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { accountEvent, complaintEvent, hearAccounts, hearComplaints, hearOutage, payment } from './personal-news.ts';
import { EMPTY_TABLES } from './receiving.ts';
import { startSender, textOf } from './sending.ts';
import { idOf, outage, settle } from './town-of-six.ts';

const ACCOUNT = '1000000001';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await settle(db, [{ account: ACCOUNT, node: 'F-1', mobile: '9811111101', language: 'en' }]);
});
afterAll(() => database.close());

/** Words that no schema of this release lists. */
const newer = (words: Record<string, string>): object => words;
const at = (hours: number) => new Date(Date.now() + hours * 3_600_000);

/** Sends everything that waits, and gives the texts. */
async function sent(): Promise<string[]> {
  const link = linkOf(accepting());
  const { desk } = startSender(db, link);
  await until(async () => (await findRuns(db, { limit: 50 })).every((run) => run.endedAt !== null), {
    describe: 'every run to end',
  });
  await desk.stop();
  return link.sent.map(textOf);
}

const statesOf = async () =>
  (await findRuns(db, { limit: 50 })).reverse().map(({ kind, state, stateReason }) => [kind, state, stateReason]);

const first = outage({ nodeIds: ['F-1'] });
const over: [string, object][] = [
  ['a new type and status', newer({ type: 'OutageCancelled', status: 'cancelled' })],
  ['a known type and a new status', newer({ status: 'merged' })],
  ['a new type that is restored without saying since when', newer({ type: 'OutageClosed', status: 'restored' })],
  ['no words at all', newer({ type: '', status: '' })],
];

describe.each(over)('an outage that is over by an event of %s', (_, change) => {
  test('is not told any more where the first news has not left, and nobody hears of its end', async () => {
    await hearOutage(db, first);
    await hearOutage(db, { ...first, ...change, version: 2 });

    expect(await sent()).toEqual([]);
    expect(await statesOf()).toEqual([
      ['unplanned', 'superseded', 'newer-revision'],
      ['ended', 'complete', 'nothing-to-tell'],
    ]);
  });

  test('is told as restored to those who were told, once an event says since when', async () => {
    await hearOutage(db, first);
    expect(await sent()).toEqual([expect.stringMatching(/power is off/i)]);

    await hearOutage(db, { ...first, ...change, version: 2 });
    expect(await sent()).toEqual([]);

    await hearOutage(db, {
      ...first,
      ...newer({ type: 'OutageReviewed', status: 'archived' }),
      version: 3,
      restoredAt: new Date(),
    });
    expect(await sent()).toEqual([expect.stringMatching(/power is back|restored/i)]);
  });

  test('answers no complaint', async () => {
    await hearOutage(db, first);
    const answer = complaintEvent(ACCOUNT, {
      type: 'ComplaintAnswered',
      status: 'answered',
      outageId: first.aggregateId,
      cause: 'line-fault',
      estimatedRestorationAt: first.estimatedRestorationAt,
    });
    await hearComplaints(db, answer);
    await hearOutage(db, { ...first, ...change, version: 2 });
    await hearComplaints(db, { ...answer, aggregateId: first.eventId, complaintNumber: 'CMP-2026-0000043' });

    expect((await sent()).filter((text) => /complaint/i.test(text))).toEqual([
      expect.stringMatching(/CMP-2026-0000043 is registered/),
    ]);
  });
});

describe('an outage that is restored', () => {
  const back = { status: 'restored', restoredAt: new Date() } as const;
  const restored = { ...first, type: 'SupplyRestored', ...back, version: 2 } as const;
  const reopened = { ...first, ...newer({ type: 'OutageReopened', status: 'open' }), version: 3 };

  test('is told as restored once, however many later events say since when', async () => {
    await hearOutage(db, first);
    await sent();
    await hearOutage(db, restored);
    expect(await sent()).toEqual([expect.stringMatching(/restored/i)]);

    await hearOutage(db, { ...restored, ...newer({ type: 'OutageClosed', status: 'closed' }), version: 3 });
    await hearOutage(db, { ...restored, ...newer({ type: 'OutageReviewed', status: 'closed' }), version: 4 });

    expect(await sent()).toEqual([]);
  });

  test('is told by a later event to those whose text had not left', async () => {
    await hearOutage(db, first);
    await sent();
    await hearOutage(db, restored);
    await hearOutage(db, { ...restored, ...newer({ type: 'OutageClosed', status: 'closed' }), version: 3 });

    expect(await sent()).toEqual([expect.stringMatching(/restored/i)]);
  });

  test('and is off again is told as off, also with the return time of before, and as restored again', async () => {
    await hearOutage(db, first);
    await sent();
    await hearOutage(db, restored);
    await sent();

    await hearOutage(db, reopened);
    expect(await sent()).toEqual([expect.stringMatching(/power is off/i)]);
    await hearOutage(db, { ...reopened, estimatedRestorationAt: at(9), version: 4 });
    expect(await sent()).toEqual([expect.not.stringMatching(/power is off|restored/i)]);
    await hearOutage(db, { ...restored, version: 5 });
    expect(await sent()).toEqual([expect.stringMatching(/restored/i)]);
  });
});

describe('an outage that stands', () => {
  test('is told with the time that a new type of event says, to those who were told another', async () => {
    await hearOutage(db, first);
    await sent();

    await hearOutage(db, {
      ...first,
      ...newer({ type: 'OutageRescheduled' }),
      version: 2,
      estimatedRestorationAt: at(7),
    });

    expect(await sent()).toEqual([expect.stringMatching(/expected/i)]);
  });

  test('is told once, as it is now, where the first news has not left', async () => {
    await hearOutage(db, first);
    await hearOutage(db, { ...first, ...newer({ type: 'StepRestored' }), version: 2, estimatedRestorationAt: at(7) });

    expect(await sent()).toEqual([expect.stringMatching(/power is off/i)]);
  });

  test('is not told again by a new type of event that changes nothing', async () => {
    await hearOutage(db, first);
    await sent();

    await hearOutage(db, { ...first, ...newer({ type: 'CrewAssigned' }), version: 2 });

    expect(await sent()).toEqual([]);
  });
});

describe('texts that wait', () => {
  const outcomes = async () =>
    (await findPersonalMessages(db, { connectionId: idOf(ACCOUNT), reference: null, limit: 50 }))
      .map(({ reference, outcome }) => `${reference} ${outcome}`)
      .sort();

  test('of bills are withdrawn by a new kind of entry about them, and all of them when nothing is outstanding', async () => {
    await hearAccounts(
      db,
      accountEvent(ACCOUNT, { version: 1, reference: 'B-1' }),
      accountEvent(ACCOUNT, { version: 2, reference: 'B-2' }),
    );
    await hearAccounts(db, accountEvent(ACCOUNT, { ...newer({ type: 'BillRevised' }), version: 3, reference: 'B-1' }));
    expect(await sent()).toHaveLength(1);
    expect(await outcomes()).toEqual(['B-1 superseded', 'B-2 accepted']);

    await hearAccounts(db, accountEvent(ACCOUNT, { version: 4, reference: 'B-4' }));
    await hearAccounts(
      db,
      accountEvent(ACCOUNT, { ...newer({ type: 'Subsidy' }), version: 5, reference: 'S', outstandingPaise: 0 }),
    );
    expect(await sent()).toEqual([]);
  });

  test('of a payment are withdrawn by a new kind of entry about it, and no others', async () => {
    await hearAccounts(
      db,
      payment(ACCOUNT, { version: 1, reference: 'T-1' }),
      payment(ACCOUNT, { version: 2, reference: 'T-2' }),
    );
    await hearAccounts(
      db,
      payment(ACCOUNT, { ...newer({ type: 'ChequeBounced' }), version: 3, reference: 'T-1', outstandingPaise: 5 }),
    );

    expect(await sent()).toHaveLength(1);
    expect(await outcomes()).toEqual(['T-1 superseded', 'T-2 accepted']);
  });

  test('of a complaint are withdrawn when its state is another, whatever the event is called', async () => {
    await hearComplaints(db, complaintEvent(ACCOUNT, { type: 'ComplaintResolved', status: 'resolved', version: 2 }));
    await hearComplaints(
      db,
      complaintEvent(ACCOUNT, { ...newer({ type: 'ComplaintMerged', status: 'merged' }), version: 3 }),
    );

    expect(await sent()).toEqual([]);
  });
});

describe('events of unknown kinds', () => {
  test('are counted, and each kind is named once in the log, in few words', async () => {
    const lines: string[] = [];
    const unknown = unknownWords(openLog('test', 'info', { write: (line) => void lines.push(line) }));
    const known = { type: ['OutageReported'], status: ['open'] };
    for (const type of ['OutageReported', 'OutageCancelled', 'OutageCancelled', 'X'.repeat(10_000)])
      tellUnknown({ type, status: 'open' }, known, (words) => unknown.onUnknown('outage', words));
    tellUnknown({ type: 'OutageReported', status: 'merged' }, known, (words) => unknown.onUnknown('outage', words));

    expect(await unknown.metrics?.()).toMatchObject([
      { name: 'bijli_notifier_unknown_events_total', samples: [{ value: 4 }] },
    ]);
    expect(lines).toHaveLength(3);
    expect(lines.join('').length).toBeLessThan(2_000);
  });
});
