import type { AccountEvent } from '@bijli/events';
import type { Database } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { istDayMonth } from '@bijli/units';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Desk } from '../src/dispatch/desk.ts';
import { runCounts } from '../src/domain/run-counts.ts';
import type { OutgoingMessage } from '../src/smpp/index.ts';
import { findPersonalMessages } from '../src/store/personal/find-personal-messages.ts';
import { findRuns } from '../src/store/runs/find-runs.ts';
import { setSendingSwitch } from '../src/store/runs/sending-switch.ts';
import { withdrawAnswers } from '../src/store/personal/withdraw-messages.ts';
import { withTransaction, query } from '@bijli/postgres';
import { accepting, linkOf, type ScriptedLink } from './link-of.ts';
import { EMPTY_TABLES } from './receiving.ts';
import { notifierDatabase } from './notifier-database.ts';
import { accountEvent, complaintEvent, hearAccounts, hearComplaints, hearOutage, payment } from './personal-news.ts';
import { startSender, sumOf, textOf } from './sending.ts';
import { type Home, idOf, outage, settle } from './town-of-six.ts';

const HINDI = '1000000001';
const ENGLISH = '1000000002';
const SILENT = '1000000003';
const REFUSING = '1000000004';
/** Day and month in India, now. */
const today = istDayMonth(new Date());
const homes: readonly Home[] = [
  { account: HINDI, node: 'DT-1', mobile: '9811111101' },
  { account: ENGLISH, node: 'DT-1', mobile: '9811111102', language: 'en' },
  { account: SILENT, node: 'DT-1' },
  { account: REFUSING, node: 'DT-1', mobile: '9811111104', purposes: ['outage'] },
];

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
  await settle(db, homes);
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
afterAll(() => database.close());

const allEnded = () =>
  until(async () => (await findRuns(db, { limit: 200 })).every((run) => run.endedAt !== null), {
    describe: 'every run to end',
  });

const isBill = (message: OutgoingMessage): boolean => /bill of/.test(textOf(message));

/** Sends everything that waits, and tells which texts went out. */
async function sent(): Promise<string[]> {
  const link: ScriptedLink = linkOf(accepting());
  running ??= startSender(db, link).desk;
  await allEnded();
  await running.stop();
  running = undefined;
  return link.sent.map((message) => `${message.destination.slice(-2)} ${textOf(message)}`).sort();
}

async function outcomesOf(account: string): Promise<string[]> {
  const messages = await findPersonalMessages(db, { connectionId: idOf(account), reference: null, limit: 50 });
  return messages.map(({ subject, fate, reason, outcome }) => `${subject} ${reason ?? outcome ?? fate}`).sort();
}

describe('bills and payments', () => {
  test('of many accounts are one run with one chunk, each with its own amounts, in its own language', async () => {
    await hearAccounts(
      db,
      accountEvent(HINDI, { reference: 'B-1' }),
      accountEvent(ENGLISH, { reference: 'B-2', amountPaise: 100, outstandingPaise: 12_345_678 }),
      accountEvent(SILENT, { reference: 'B-3' }),
      accountEvent(REFUSING, { reference: 'B-4' }),
    );

    expect(await sent()).toEqual([
      '01 खाता 0001: बिल Rs 1450.50, 25-02 तक देय। बकाया Rs 1450.50। 1912 UPPCL',
      '02 A/c 0002: bill of Rs 1.00, pay by 25-02. Total outstanding Rs 123456.78. Help: 1912. UPPCL',
    ]);
    const [run, ...others] = await findRuns(db, { limit: 10 });
    expect(others).toEqual([]);
    const counts = runCounts(run?.measures ?? {}, run?.audienceSize ?? 0, true);
    expect(counts).toMatchObject({
      audience: 4,
      pending: 0,
      accepted: 2,
      skipped: { 'no-number': 1, 'purpose-refused': 1 },
    });
    expect(sumOf(counts)).toBe(4);
  });

  test('tell what is outstanding after a part, and that it is an advance', async () => {
    await hearAccounts(
      db,
      payment(HINDI, { amountPaise: 50_000, outstandingPaise: 95_050 }),
      payment(ENGLISH, { amountPaise: 200_000, outstandingPaise: -54_950 }),
    );

    expect(await sent()).toEqual([
      `01 खाता 0001: ${today} को Rs 500.00 जमा। बकाया Rs 950.50। 1912 UPPCL`,
      `02 A/c 0002: payment of Rs 2000.00 received on ${today}. Nothing outstanding, advance Rs 549.50. Help: 1912. UPPCL`,
    ]);
  });

  test('a bill that an advance covers asks for nothing', async () => {
    await hearAccounts(db, accountEvent(ENGLISH, { outstandingPaise: -100 }));

    expect(await sent()).toEqual([
      '02 A/c 0002: bill of Rs 1450.50 is covered by your advance. Advance left Rs 1.00. Help: 1912. UPPCL',
    ]);
  });

  test('a bill of nothing asks for nothing, unless something is outstanding from before', async () => {
    const nothing = { amountPaise: 0, outstandingPaise: 0 };
    await hearAccounts(
      db,
      accountEvent(HINDI, { ...nothing, outstandingPaise: -500 }),
      accountEvent(ENGLISH, nothing),
      accountEvent(ENGLISH, { ...nothing, reference: 'B-2', version: 2, outstandingPaise: 100 }),
    );

    expect(await sent()).toEqual([
      '01 खाता 0001: बिल Rs 0.00, कुछ देय नहीं। 1912 UPPCL',
      '02 A/c 0002: bill of Rs 0.00, nothing to pay. Help: 1912. UPPCL',
      '02 A/c 0002: bill of Rs 0.00, pay by 25-02. Total outstanding Rs 1.00. Help: 1912. UPPCL',
    ]);
  });

  test('nobody is told to pay after paying: a bill that still waits is withdrawn by the payment', async () => {
    await hearAccounts(db, accountEvent(ENGLISH));
    await hearAccounts(db, payment(ENGLISH));

    expect(await sent()).toEqual([
      `02 A/c 0002: payment of Rs 1450.50 received on ${today}. Outstanding Rs 0.00. Help: 1912. UPPCL`,
    ]);
    expect(await outcomesOf(ENGLISH)).toEqual(['bill superseded', 'payment accepted']);
  });

  test('nor when both are heard in one batch, nor when the bill is heard after its payment', async () => {
    await hearAccounts(db, accountEvent(HINDI), payment(HINDI));
    await hearAccounts(db, payment(ENGLISH));
    await hearAccounts(db, accountEvent(ENGLISH));

    expect((await sent()).filter((text) => /बिल|bill/.test(text))).toEqual([]);
    expect(await outcomesOf(HINDI)).toEqual(['bill superseded', 'payment accepted']);
    expect(await outcomesOf(ENGLISH)).toEqual(['bill superseded', 'payment accepted']);
  });

  test('nor while the provider lets a bill wait that is written ahead', async () => {
    let isOpen = false;
    const accept = accepting();
    const link = linkOf((message, partNo) =>
      isOpen ? accept(message, partNo) : { ref: message.ref, partNo, kind: 'throttled', status: 0x58 },
    );
    running = startSender(db, link).desk;
    await hearAccounts(db, accountEvent(ENGLISH));
    await until(() => link.sent.length > 0, { describe: 'the bill to be on its way' });

    await hearAccounts(db, payment(ENGLISH));
    await until(() => link.sent.some((message) => !isBill(message)), { describe: 'the payment to be on its way' });
    isOpen = true;
    await allEnded();

    expect(link.sent.slice(-1).some(isBill)).toBe(false);
    expect(await outcomesOf(ENGLISH)).toEqual(['bill superseded', 'payment accepted']);
  });

  test('a bill of the month after is told, whatever was paid before', async () => {
    await hearAccounts(db, payment(ENGLISH, { version: 1 }));
    await hearAccounts(db, accountEvent(ENGLISH, { version: 2 }));

    expect(await sent()).toHaveLength(2);
  });

  test('a reversed payment corrects what was said, and is not confirmed while it still waits', async () => {
    await hearAccounts(db, payment(ENGLISH, { version: 1 }));
    await hearAccounts(
      db,
      payment(ENGLISH, { type: 'PaymentReversed', version: 2, outstandingPaise: 145_050, paymentKind: null }),
    );

    expect(await sent()).toEqual([
      '02 A/c 0002: payment of Rs 1450.50 was reversed. Outstanding Rs 1450.50. Help: 1912. UPPCL',
    ]);
  });

  test('a payment that is heard after its reversal is not confirmed either; another one is', async () => {
    const reversal = { type: 'PaymentReversed', version: 3, outstandingPaise: 145_050, paymentKind: null } as const;
    await hearAccounts(db, payment(ENGLISH, reversal));
    await hearAccounts(db, payment(ENGLISH, { version: 1 }), payment(ENGLISH, { version: 2, reference: 'T-2' }));

    expect(await outcomesOf(ENGLISH)).toEqual(['payment carrier', 'payment superseded', 'payment-reversal carrier']);
  });

  describe.each(['in one batch', 'in batches of their own', 'the news of it last'])(
    'what comes again, heard %s,',
    (how) => {
      const hear = async (taken: AccountEvent, again: AccountEvent) => {
        if (how === 'in one batch') return hearAccounts(db, taken, again);
        for (const event of how === 'the news of it last' ? [again, taken] : [taken, again])
          await hearAccounts(db, event);
      };
      const paid = { amountPaise: 5_000, reference: 'CHQ-7' };
      const bounced = { ...paid, type: 'PaymentReversed', paymentKind: null } as const;
      const cancelled = { type: 'BillCancelled', outstandingPaise: 0 } as const;

      test('is a cheque: it is told again, and not that it bounced, which is not so any more', async () => {
        await hearAccounts(db, payment(ENGLISH, { ...paid, version: 1, outstandingPaise: -5_000 }));
        await sent();
        await hear(
          payment(ENGLISH, { ...bounced, version: 2, outstandingPaise: 0 }),
          payment(ENGLISH, { ...paid, version: 3, outstandingPaise: -5_000 }),
        );

        expect(await sent()).toEqual([expect.stringMatching(/payment of Rs 50.00 received on .*, advance Rs 50.00\./)]);
        expect(await outcomesOf(ENGLISH)).toEqual([
          'payment accepted',
          'payment accepted',
          'payment-reversal superseded',
        ]);
      });

      test('is a bill: it is told anew, and not that it is cancelled, which is not so any more', async () => {
        await hearAccounts(db, accountEvent(ENGLISH));
        await sent();
        await hear(
          accountEvent(ENGLISH, { ...cancelled, version: 2 }),
          accountEvent(ENGLISH, { version: 3, dueOn: '2099-03-25' }),
        );

        expect(await sent()).toEqual([expect.stringContaining('pay by 25-03')]);
        expect(await outcomesOf(ENGLISH)).toEqual(['bill accepted', 'bill accepted', 'bill-cancellation superseded']);
      });

      test('is a bill that is cancelled for good before anything left: that is told, once', async () => {
        await hearAccounts(db, accountEvent(ENGLISH));
        await sent();
        await hear(
          accountEvent(ENGLISH, { ...cancelled, version: 2 }),
          accountEvent(ENGLISH, { version: 3, dueOn: '2099-03-25' }),
        );
        await hearAccounts(db, accountEvent(ENGLISH, { ...cancelled, version: 4 }));
        expect(await sent()).toEqual([expect.stringMatching(/is cancelled/)]);

        await hear(
          accountEvent(ENGLISH, { ...cancelled, version: 6 }),
          accountEvent(ENGLISH, { version: 7, dueOn: '2099-04-25' }),
        );
        expect(await sent()).toEqual([expect.stringContaining('pay by 25-04')]);
      });
    },
  );

  test('a bill that is issued again after its cancellation is told again, and its cancellation to those who heard of it', async () => {
    const cancelled = { type: 'BillCancelled', outstandingPaise: 0 } as const;
    const last = { ...cancelled, version: 4 };
    await hearAccounts(db, accountEvent(ENGLISH), accountEvent(HINDI));
    await sent();
    await hearAccounts(
      db,
      accountEvent(ENGLISH, { ...cancelled, version: 2 }),
      accountEvent(HINDI, { ...cancelled, version: 2 }),
    );
    expect(await sent()).toHaveLength(2);

    await hearAccounts(db, accountEvent(ENGLISH, { version: 3, dueOn: '2099-03-25' }));
    expect(await sent()).toEqual([expect.stringContaining('pay by 25-03')]);
    await hearAccounts(db, accountEvent(HINDI, { version: 3 }), accountEvent(HINDI, last), accountEvent(ENGLISH, last));
    expect(await sent()).toEqual([expect.stringMatching(/^02 .* is cancelled/)]);
    expect(await outcomesOf(HINDI)).toEqual([
      'bill accepted',
      'bill superseded',
      'bill-cancellation accepted',
      'bill-cancellation not-told',
    ]);
  });

  test('the cancellation of one bill does not silence another that is heard after it', async () => {
    await hearAccounts(db, accountEvent(ENGLISH, { type: 'BillCancelled', version: 3, reference: 'B-1' }));
    await hearAccounts(
      db,
      accountEvent(ENGLISH, { version: 1, reference: 'B-1' }),
      accountEvent(ENGLISH, { version: 2, reference: 'B-2' }),
    );

    expect(await sent()).toEqual([expect.stringMatching(/bill of Rs 1450.50, pay by/)]);
    expect(await outcomesOf(ENGLISH)).toEqual(['bill accepted', 'bill superseded', 'bill-cancellation not-told']);
  });

  test('a cancelled bill is told to those who heard of it, and to nobody else', async () => {
    const cancellation = (account: string) =>
      accountEvent(account, { type: 'BillCancelled', version: 2, outstandingPaise: 0 });
    await hearAccounts(db, accountEvent(ENGLISH));
    await sent();

    await hearAccounts(db, accountEvent(HINDI), cancellation(HINDI), cancellation(ENGLISH));

    expect(await sent()).toEqual([
      '02 A/c 0002: bill of Rs 1450.50 is cancelled. Outstanding Rs 0.00. Help: 1912. UPPCL',
    ]);
    expect(await outcomesOf(HINDI)).toEqual(['bill superseded', 'bill-cancellation not-told']);
  });

  test('two payments of one account in one batch are two texts', async () => {
    await hearAccounts(db, payment(ENGLISH, { version: 1 }), payment(ENGLISH, { version: 2, reference: 'T-2' }));

    expect(await sent()).toHaveLength(2);
  });

  test('go to the number and in the language that hold when they are sent, and not to one who says no meanwhile', async () => {
    await hearAccounts(db, accountEvent(HINDI), accountEvent(ENGLISH));

    await settle(
      db,
      [
        { account: HINDI, node: 'DT-1', mobile: '9811111199', language: 'en' },
        { account: ENGLISH, node: 'DT-1', mobile: '9811111102', language: 'en', purposes: ['outage'] },
      ],
      2,
    );

    expect(await sent()).toEqual([
      '99 A/c 0001: bill of Rs 1450.50, pay by 25-02. Total outstanding Rs 1450.50. Help: 1912. UPPCL',
    ]);
    expect(await outcomesOf(ENGLISH)).toEqual(['bill superseded']);
  });

  test('a bill past its last day is not told, and is shown as stale, not as waiting', async () => {
    await hearAccounts(db, accountEvent(ENGLISH, { dueOn: '2026-01-31' }));
    expect(await outcomesOf(ENGLISH)).toEqual(['bill carrier']);

    expect(await sent()).toEqual([]);
    expect(await outcomesOf(ENGLISH)).toEqual(['bill stale']);
  });

  test('what is heard three days late waits for an operator', async () => {
    const longAgo = new Date(Date.now() - 73 * 3_600_000);
    await hearAccounts(db, accountEvent(ENGLISH, { occurredAt: longAgo }), accountEvent(HINDI));

    const states = (await findRuns(db, { limit: 10 })).map((run) => run.state);

    expect(states.sort()).toEqual(['held', 'open']);
  });

  test('a connection that the registry has not told of yet fails, and leaves nothing', async () => {
    await expect(hearAccounts(db, accountEvent(ENGLISH), accountEvent('1000000999'))).rejects.toThrow(
      /has not told of this connection/,
    );

    expect(await findRuns(db, { limit: 10 })).toEqual([]);
  });

  test('a bill without a last day to pay is refused by its field', async () => {
    await expect(hearAccounts(db, accountEvent(ENGLISH, { dueOn: null }))).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/^dueOn: missing/),
    });
  });
});

describe('a complaint', () => {
  const explained = {
    type: 'ComplaintAnswered',
    status: 'answered',
    outageId: outage().aggregateId,
    cause: 'line-fault',
    estimatedRestorationAt: new Date('2099-01-30T08:30:00Z'),
  } as const;

  test('is told its number, or cause and ETR where an open outage explains it', async () => {
    await hearComplaints(
      db,
      complaintEvent(HINDI),
      complaintEvent(ENGLISH, { ...explained, aggregateId: outage().eventId }),
    );

    expect(await sent()).toEqual([
      '01 खाता 0001: शिकायत CMP-2026-0000042 दर्ज हुई। 1912 UPPCL',
      '02 Complaint CMP-2026-0000042: power is off. Cause: line fault. Expected back by 30-01 14:00. Help: 1912. UPPCL',
    ]);
  });

  test.each([
    ['has moved', { type: 'RestorationEstimateChanged', estimatedRestorationAt: new Date('2099-01-30T10:30:00Z') }],
    ['is over', { type: 'SupplyRestored', status: 'restored', restoredAt: new Date() }],
  ] as const)('is not answered with an outage that %s, as the notifier heard before', async (_, change) => {
    const reported = outage({ estimatedRestorationAt: explained.estimatedRestorationAt });
    await hearOutage(db, reported);
    await hearComplaints(db, complaintEvent(HINDI, explained));
    await hearOutage(db, { ...reported, version: 2, ...change });

    await hearComplaints(db, complaintEvent(ENGLISH, { ...explained, aggregateId: reported.eventId }));

    expect(await outcomesOf(HINDI)).toEqual(['complaint-answered carrier']);
    expect(await outcomesOf(ENGLISH)).toEqual(['complaint-lodged carrier']);
    expect((await sent()).filter((text) => text.includes('CMP-'))).toEqual([
      '02 A/c 0002: complaint CMP-2026-0000042 is registered. Help: 1912. UPPCL',
    ]);
    expect(await outcomesOf(HINDI)).toEqual(['complaint-answered superseded']);
  });

  test('is not answered with an outage that moved or ended meanwhile', async () => {
    await hearComplaints(db, complaintEvent(ENGLISH, explained));
    await withTransaction(db, (tx) => withdrawAnswers(tx, [explained.outageId]));

    expect(await sent()).toEqual([]);
    expect(await outcomesOf(ENGLISH)).toEqual(['complaint-answered superseded']);
  });

  const step = (type: 'ComplaintResolved' | 'ComplaintReopened' | 'ComplaintClosed', version: number, cycle: number) =>
    complaintEvent(ENGLISH, {
      type,
      status: STATUSES[type],
      version,
      cycle,
      proof: type === 'ComplaintClosed' ? 'consumer-confirmed' : null,
    });
  const STATUSES = { ComplaintResolved: 'resolved', ComplaintReopened: 'reopened', ComplaintClosed: 'closed' } as const;

  test('that is said to be fixed is asked about, and "fixed" is told with the consumer as the proof', async () => {
    await hearComplaints(db, step('ComplaintResolved', 2, 1));
    expect(await sent()).toEqual([
      '02 Complaint CMP-2026-0000042 has been reported as resolved. If it is not, call 1912. UPPCL',
    ]);

    await hearComplaints(db, step('ComplaintClosed', 3, 1));
    expect(await sent()).toEqual(['02 Complaint CMP-2026-0000042 was closed on your confirmation. Help: 1912. UPPCL']);
  });

  test('that a time-out closed is told to nobody', async () => {
    await hearComplaints(db, { ...step('ComplaintClosed', 3, 1), proof: 'time-out' });

    expect(await sent()).toEqual([]);
  });

  test('that was reopened is not asked about, nor called fixed, while that text still waits', async () => {
    await hearComplaints(db, step('ComplaintResolved', 2, 1), step('ComplaintClosed', 3, 1));
    await hearComplaints(db, step('ComplaintReopened', 4, 2));

    expect(await sent()).toEqual([]);
    expect(await outcomesOf(ENGLISH)).toEqual(['complaint-fixed superseded', 'complaint-resolved superseded']);
  });
});
