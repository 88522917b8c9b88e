import type { OutageEvent } from '@bijli/events';
import { type Database, execute, query, type Transaction, withTransaction } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { istDay } from '@bijli/units';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ReceiptMode } from '../src/domain/receipt-mode.ts';
import type { DeliveryReceipt } from '../src/smpp/index.ts';
import { recordReceipts } from '../src/store/receipts/record-receipts.ts';
import { accepting } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { EMPTY_TABLES, receipt, receiving } from './receiving.ts';
import { settle } from './town-of-six.ts';

const MOBILE = '9811111101';
const HANDSET = `91${MOBILE}`;
/** Whoever waits for a lock in the database of this test. */
const WAITING = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await settle(db, [{ account: '1000000001', node: 'F-2', mobile: MOBILE, language: 'hi' }]);
});
afterAll(() => database.close());

const ONE_PART: Partial<OutageEvent> = { nodeIds: ['F-2'] };
/** Work that ends on another day than it begins takes two parts in Hindi. */
const hours = (n: number) => new Date(Date.now() + n * 3_600_000);
const twoParts = (): Partial<OutageEvent> => ({
  nodeIds: ['F-2'],
  type: 'PlannedOutageAnnounced',
  kind: 'planned',
  status: 'announced',
  startsAt: hours(24),
  estimatedRestorationAt: hours(49),
});

/** The moments at which a receipt comes: usually, before its answer, after a restart of the notifier. */
const moments = ['after its answer', 'before its answer', 'after a restart'] as const;

async function partsAfter(moment: (typeof moments)[number], receipts: readonly DeliveryReceipt[]) {
  const notifier = receiving(db);
  if (moment === 'before its answer') await notifier.take(receipts);
  await notifier.sendAll(ONE_PART, 1);
  if (moment === 'after a restart') notifier.restart();
  if (moment !== 'before its answer') await notifier.take(receipts);
  await notifier.sweep();
  return (await notifier.counts()).parts;
}

describe.each(moments)('a receipt that comes %s', (moment) => {
  test.each<[string, DeliveryReceipt]>([
    ['with the id of the answer', receipt('m-1', HANDSET)],
    ['with a second id beside it', receipt('m-1', HANDSET, { otherMessageId: '1a2b' })],
    ['with it as the second id', receipt('1a2b', HANDSET, { otherMessageId: 'm-1' })],
    ['from +91…', receipt('m-1', `+${HANDSET}`)],
    ['from 0091…', receipt('m-1', `00${HANDSET}`)],
    ['from 0…', receipt('m-1', `0${MOBILE}`)],
    ['from ten digits', receipt('m-1', MOBILE)],
    ['whose addresses are not turned round', receipt('m-1', 'UPPCLP', { otherAddress: HANDSET })],
    ['to 0091…', receipt('m-1', '', { otherAddress: `00${HANDSET}` })],
    ['from another number to the handset', receipt('m-1', '919899999999', { otherAddress: MOBILE })],
    [
      'with the second id and addresses not turned round',
      receipt('x', 'UPPCLP', { otherMessageId: 'm-1', otherAddress: `0${MOBILE}` }),
    ],
  ])('%s is its text’s', async (_, one) => {
    expect(await partsAfter(moment, [one])).toEqual({ accepted: 1, delivered: 1, failed: 0, other: {}, awaited: 0 });
  });

  test.each<[string, DeliveryReceipt]>([
    ['of another handset', receipt('m-1', '919899999999')],
    ['of neither address', receipt('m-1', '919899999999', { otherAddress: '919899999998' })],
    ['of neither id', receipt('x', HANDSET, { otherMessageId: 'y' })],
    ['of no number', receipt('m-1', 'UPPCLP', { otherAddress: 'VM-UPPCL' })],
  ])('%s is kept and is not', async (_, one) => {
    expect(await partsAfter(moment, [one])).toMatchObject({ delivered: 0, awaited: 1 });
    expect(await query(db, 'select from orphan_receipt')).toHaveLength(1);
  });

  test.each<[string, string[], object]>([
    ['a word of the book', ['DELIVRD'], { delivered: 1, failed: 0, other: {}, awaited: 0 }],
    ['FAILED', ['FAILED'], { delivered: 0, failed: 1, other: {}, awaited: 0 }],
    ['a word of the carrier’s own', ['DNDREJECT'], { delivered: 0, failed: 0, other: { DNDREJECT: 1 }, awaited: 0 }],
    ['no word', ['UNKNOWN'], { delivered: 0, failed: 0, other: { UNKNOWN: 1 }, awaited: 0 }],
    ['that it is under way', ['ENROUTE', 'ACCEPTD', 'SCHEDULED'], { delivered: 0, failed: 0, other: {}, awaited: 1 }],
    ['one of its own and then another', ['BLOCKED', 'SENT'], { other: { BLOCKED: 1 }, awaited: 0 }],
    ['one of its own and then a known one', ['SENT', 'DELIVRD'], { delivered: 1, failed: 0, other: {}, awaited: 0 }],
    ['a known one and then one of its own', ['DELIVRD', 'SENT'], { delivered: 1, failed: 0, other: {}, awaited: 0 }],
    [
      'two of its own and then two known ones',
      ['SENT', 'QUEUED', 'UNDELIV', 'DELIVRD'],
      { delivered: 0, failed: 1, other: {} },
    ],
  ])('says %s', async (_, states, parts) => {
    const receipts = states.map((state) => receipt('m-1', HANDSET, { state }));

    expect(await partsAfter(moment, receipts)).toMatchObject(parts);
  });
});

test('ends that come one by one count once, the first known one, and until then the first', async () => {
  const notifier = receiving(db);
  await notifier.sendAll(ONE_PART, 1);
  const seen: object[] = [];
  for (const state of ['ENROUTE', 'SENT', 'BLOCKED', 'SENT', 'DELIVRD', 'FAILED', 'SENT']) {
    await notifier.take([receipt('m-1', HANDSET, { state })]);
    const { delivered, failed, other, awaited } = (await notifier.counts()).parts;
    seen.push({ delivered, failed, other, awaited });
  }

  const sent = { delivered: 0, failed: 0, other: { SENT: 1 }, awaited: 0 };
  const delivered = { delivered: 1, failed: 0, other: {}, awaited: 0 };
  expect(seen).toEqual([
    { delivered: 0, failed: 0, other: {}, awaited: 1 },
    sent,
    sent,
    sent,
    delivered,
    delivered,
    delivered,
  ]);
});

describe.each(['at once', 'after a restart'])('receipts of a text of two parts, %s', (when) => {
  test.each<['all' | 'any' | 'last', string[], object]>([
    ['all', ['m-1'], { delivered: 1, awaited: 1 }],
    ['all', ['m-2'], { delivered: 1, awaited: 1 }],
    ['all', ['m-1', 'm-2', 'm-2'], { delivered: 2, awaited: 0 }],
    ['any', ['m-1'], { delivered: 2, awaited: 0 }],
    ['any', ['m-2'], { delivered: 2, awaited: 0 }],
    ['any', ['m-2', 'm-1', 'm-1'], { delivered: 2, awaited: 0 }],
    ['last', ['m-1'], { delivered: 0, awaited: 2 }],
    ['last', ['m-2'], { delivered: 2, awaited: 0 }],
    ['last', ['m-1', 'm-2', 'm-2'], { delivered: 2, awaited: 0 }],
  ])('of which %s is sent, for %j', async (mode, ids, parts) => {
    const notifier = receiving(db, mode);
    await notifier.sendAll(twoParts(), 1);
    if (when === 'after a restart') notifier.restart();

    for (const id of ids) await notifier.take([receipt(id, HANDSET)]);
    await notifier.sweep();

    expect((await notifier.counts()).parts).toMatchObject({ accepted: 2, failed: 0, other: {}, ...parts });
  });
});

test.each(['at once', 'after a restart'])(
  'a receipt whose ids are of two texts to one handset is of that of its first id, %s',
  async (when) => {
    const notifier = receiving(db);
    await notifier.sendAll(ONE_PART, 1);
    const [first] = await query<{ run_id: string }>(db, 'select run_id from accepted_pack');
    // It keeps the mobile off for longer: that is told.
    const another = {
      ...ONE_PART,
      aggregateId: '00000000-0000-7000-8000-00000000aaaa',
      estimatedRestorationAt: hours(8),
    };
    await notifier.sendAll(another, 1, ({ ref }, partNo) => ({
      ref,
      partNo,
      kind: 'accepted',
      providerMessageId: 's-1',
    }));
    if (when === 'after a restart') notifier.restart();

    await notifier.take([receipt('m-1', HANDSET, { otherMessageId: 's-1' })]);
    await notifier.sweep();

    expect(await query(db, 'select run_id from receipt_pack')).toEqual([first]);
  },
);

describe.each(['any', 'last'] as const)('receipts of a text of two parts, of which %s is sent', (mode) => {
  test('wait for the answer to the other part', async () => {
    const notifier = receiving(db, mode);
    await notifier.sendAll(twoParts(), 1);
    notifier.restart();
    // What is accepted is stored when every part has its answer.
    await execute(db, 'create table aside as select * from accepted_pack');
    await execute(db, 'delete from accepted_pack');
    await notifier.take([receipt('m-1', HANDSET)]);
    await notifier.sweep();
    expect((await notifier.counts()).parts).toMatchObject({ delivered: 0, awaited: 2 });

    await execute(db, 'insert into accepted_pack select * from aside');
    await execute(db, 'drop table aside');
    await execute(db, 'update orphan_receipt set due_at = now()');
    await notifier.take([receipt('m-2', HANDSET)]);
    await notifier.sweep();

    expect((await notifier.counts()).parts).toMatchObject({ accepted: 2, delivered: 2, awaited: 0 });
  });

  test.each(['at once', 'after a restart'])(
    'that come while the other part waits to go again count once for both, %s',
    async (when) => {
      const notifier = receiving(db, mode);
      const accept = accepting();
      let isRefused = false;
      await notifier.sendAll(twoParts(), 1, async (message, partNo) => {
        if (partNo === 1) return accept(message, partNo);
        if (!isRefused) {
          isRefused = true;
          return { ref: message.ref, partNo, kind: 'throttled', status: 0x58 };
        }
        if (when === 'after a restart') notifier.restart();
        await notifier.take([receipt('m-1', HANDSET)]);
        await notifier.sweep();
        return accept(message, partNo);
      });

      await execute(db, 'update orphan_receipt set due_at = now()');
      await notifier.sweep();
      await notifier.take([receipt('m-2', HANDSET)]);
      await notifier.sweep();

      expect((await notifier.counts()).parts).toMatchObject({ accepted: 2, delivered: 2, awaited: 0 });
    },
  );

  test('that come between the answers count once for both', async () => {
    const notifier = receiving(db, mode);
    const accept = accepting();
    await notifier.sendAll(twoParts(), 1, async (message, partNo) => {
      if (partNo === 2) await notifier.take([receipt('m-1', HANDSET)]);
      return accept(message, partNo);
    });

    await notifier.sweep();
    await notifier.take([receipt('m-2', HANDSET)]);

    expect((await notifier.counts()).parts).toMatchObject({ accepted: 2, delivered: 2, awaited: 0 });
  });
});

test.each(['at once', 'after a restart'])(
  'a receipt of any part counts for no part that was rejected, %s',
  async (when) => {
    const notifier = receiving(db, 'any');
    const accept = accepting();
    await notifier.sendAll(twoParts(), 0, (message, partNo) =>
      partNo === 2 ? { ref: message.ref, partNo, kind: 'rejected', status: 0x45 } : accept(message, partNo),
    );
    if (when === 'after a restart') notifier.restart();

    await notifier.take([receipt('m-1', HANDSET)]);
    await notifier.sweep();

    expect((await notifier.counts()).parts).toMatchObject({ accepted: 1, delivered: 1, awaited: 0 });
  },
);

describe('receipts that are recorded by two at once', () => {
  const record = async (tx: Transaction, partNo: number, mode: ReceiptMode) => {
    const [sent] = await query<{ runId: string; chunkNo: number; seq: number }>(
      tx,
      'select run_id as "runId", chunk_no as "chunkNo", seqs[1] as seq from accepted_pack',
    );
    if (sent === undefined) throw new Error('nothing was sent');
    const now = new Date();
    const of = { provider: 'test', stat: 'DELIVRD', errorCode: null, partStride: 2 };
    const days = { arrivalDay: istDay(now), arrivedAt: now, runDay: istDay(now) };
    await recordReceipts(tx, [{ ...of, ...days, ...sent, partNo, parts: 2, acceptedParts: 2 }], mode);
  };

  test.each<[ReceiptMode, number, object]>([
    ['any', 2, { delivered: 2, awaited: 0 }],
    ['all', 1, { delivered: 1, awaited: 1 }],
    ['all', 2, { delivered: 2, awaited: 0 }],
  ])('count once where %s is sent (parts 1 and %i)', async (mode, other, parts) => {
    const notifier = receiving(db, mode);
    await notifier.sendAll(twoParts(), 1);

    const first = await db.transaction();
    await record(first, 1, mode);
    const second = withTransaction(db, (tx) => record(tx, other, mode)).then(() => 'committed');
    await until(async () => (await query(db, WAITING)).length > 0, {
      describe: 'the second to wait for the first',
    });
    await first.commit();

    expect(await second).toBe('committed');
    expect((await notifier.counts()).parts).toMatchObject({ accepted: 2, ...parts });
  });
});
