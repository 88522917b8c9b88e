import { randomBytes } from 'node:crypto';
import { type Database, execute, query, withTransaction } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { istDay, newId } from '@bijli/units';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { outcomeRecorder } from '../src/dispatch/outcome-recorder.ts';
import { parkedItems } from '../src/receipts/parked-items.ts';
import { type ArrivedReceipt, receiptRecorder } from '../src/receipts/receipt-recorder.ts';
import { receiptTraces } from '../src/receipts/receipt-traces.ts';
import { parkItem } from '../src/store/messages/park-item.ts';
import type { StatedMessage } from '../src/store/messages/record-states.ts';
import type { SubmitOutcome } from '../src/smpp/index.ts';
import { accepting, linkOf } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { EMPTY_TABLES, receipt, receiving } from './receiving.ts';
import { recording } from './recording.ts';
import { HOMES, runEnded, startSender, sumOf } from './sending.ts';
import { outage, plan, settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await settle(db, HOMES);
});
afterAll(() => database.close());

const parkedRows = () =>
  query<{ kind: string; reason: string; item: Record<string, string> }>(
    db,
    'select kind, reason, item from parked_item order by parked_id',
  );
/** The states of messages that an answer brought. */
const answeredStates = () =>
  query<{ state: string; command_status: string }>(
    db,
    `select state, command_status from message_state where state <> 'underway' order by send_no`,
  );

/** Sends the three texts of a run; one is answered so as often as it goes, the others are accepted. */
async function sent(odd: Pick<SubmitOutcome, 'kind'> & Record<string, unknown>) {
  await plan(db, outage());
  const accept = accepting();
  const link = linkOf((message, partNo) =>
    message.destination === '919811111101'
      ? ({ ref: message.ref, partNo, ...odd } as SubmitOutcome)
      : accept(message, partNo),
  );
  const { desk } = startSender(db, link);
  const { counts } = await runEnded(db, 1);
  await desk.stop();
  expect(sumOf(counts)).toBe(counts.audience);
  return counts;
}

describe('the answer to a submit', () => {
  test.each([0, 1, 0x7fffffff, 0x80000000, 0xdeadbeef, 0xffffffff])('is stored with the status %d', async (status) => {
    expect(await sent({ kind: 'rejected', status })).toMatchObject({ rejected: 1, accepted: 2, pending: 0 });
    // Nobody explains it: it is tried three times.
    expect(await answeredStates()).toEqual([
      { state: 'deferred', command_status: String(status) },
      { state: 'deferred', command_status: String(status) },
      { state: 'rejected', command_status: String(status) },
    ]);
    expect(await parkedRows()).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, object, number]>([
    ['a status that no column holds', { kind: 'rejected', status: 2 ** 70 }, { rejected: 1, accepted: 2 }, 3],
    ['a status that is no number', { kind: 'rejected', status: Number.NaN }, { rejected: 1, accepted: 2 }, 3],
    ['an id that is no text', { kind: 'accepted', providerMessageId: 'm\0' }, { rejected: 0, accepted: 3 }, 1],
  ])(
    'with %s settles its text all the same, is parked each time, and its neighbours are stored',
    async (_, odd, expected, times) => {
      expect(await sent(odd as { kind: 'rejected' })).toMatchObject({ ...expected, pending: 0, inDoubt: 0 });
      const parked = await parkedRows();
      expect(parked.map(({ kind }) => kind)).toEqual(Array.from({ length: times }, () => 'outcome'));
      expect(parked.every(({ reason }) => reason !== '')).toBe(true);
    },
  );
});

describe('an outcome', () => {
  /** The outcome of a text of a run that is planned, and where the test looks for what was parked. */
  async function outcomes() {
    await plan(db, outage());
    const [chunk] = await query<{ runId: string; chunkNo: number; epoch: number }>(
      db,
      'select run_id as "runId", chunk_no as "chunkNo", epoch from chunk order by chunk_no desc limit 1',
    );
    if (chunk === undefined) throw new Error('nothing is planned');
    const parked: ('outcome' | 'receipt')[] = [];
    const accepted = (seq: number, messageId: string, runDay = istDay(new Date())): StatedMessage => ({
      ...chunk,
      runDay,
      seq,
      sendNo: 1,
      state: 'accepted',
      commandStatus: null,
      provider: 'test',
      messageIds: [messageId],
      recordedAt: new Date(),
    });
    return { recorder: outcomeRecorder(db, { holderId: newId(), ...recording(parked) }), accepted, parked };
  }
  /** What is stored as accepted, by seq: packed with its id, or alone without the words of the provider. */
  const stored = () =>
    query<{ seq: number; id: string | null }>(
      db,
      `select seq, id from accepted_pack cross join unnest(seqs, message_ids) as m (seq, id)
        union all select seq, message_ids[1] from message_state where state = 'accepted' order by seq`,
    );

  test('among many of one flush is stored, but for the culprits, which are parked by name', async () => {
    const { recorder, accepted, parked } = await outcomes();

    await recorder.add(Array.from({ length: 500 }, (_, n) => accepted(n + 1, n % 100 === 7 ? `m-${n}\0` : `m-${n}`)));

    expect(parked).toHaveLength(5);
    const rows = await stored();
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
    expect(rows.filter(({ id }) => id === null).map(({ seq }) => seq)).toEqual([8, 108, 208, 308, 408]);
    expect((await parkedRows()).map(({ item }) => item['seq'])).toEqual(['8', '108', '208', '308', '408']);
  });

  test('of a day without partition is stored: its day is opened', async () => {
    const { recorder, accepted, parked } = await outcomes();

    await recorder.add([accepted(1, 'm-1', '2020-01-01')]);

    expect(parked).toEqual([]);
    expect(await stored()).toEqual([{ seq: 1, id: 'm-1' }]);
  });

  test('that cannot be stored without the words of the provider either is parked', async () => {
    const { recorder, accepted, parked } = await outcomes();

    await recorder.add([accepted(1, 'm-1'), accepted(2 ** 40, 'm-2'), accepted(3, 'm-3')]);

    expect(parked).toEqual(['outcome']);
    expect((await stored()).map(({ seq }) => seq)).toEqual([1, 3]);
    expect((await parkedRows()).map(({ item }) => item)).toEqual([expect.objectContaining({ messageIds: 'm-2' })]);
  });
});

describe('a receipt', () => {
  const recorderOf = (parked: ('outcome' | 'receipt')[]) =>
    receiptRecorder({ db, traces: receiptTraces(), mode: 'all', ...recording(parked) });
  const orphan = (providerMessageId: string, arrivedAt = new Date()): ArrivedReceipt => ({
    kind: 'orphan',
    receipt: {
      arrivedAt,
      provider: 'test',
      providerMessageId,
      otherMessageId: null,
      stat: 'DELIVRD',
      errorCode: null,
      mobileIndex: 7n,
      otherMobileIndex: null,
    },
  });
  // Octets that PostgreSQL cannot press together.
  const noise = (octets: number) => randomBytes(octets).toString('base64');

  test.each<[string, ArrivedReceipt]>([
    ['an id too long for its index', orphan(noise(6_000))],
    ['an id that is no text', orphan('m\0')],
    ['no time at all', orphan('m', new Date(Number.NaN))],
  ])('with %s is parked, and ten others are stored', async (_, odd) => {
    const parked: ('outcome' | 'receipt')[] = [];

    await recorderOf(parked).add([odd, ...Array.from({ length: 10 }, (__, n) => orphan(`m-${n}`))]);

    expect(parked).toEqual(['receipt']);
    expect(await query(db, 'select from orphan_receipt')).toHaveLength(10);
    expect(await parkedRows()).toHaveLength(1);
  });

  test('of a day without partition is stored: its day is opened', async () => {
    const notifier = receiving(db);
    const handsets = await notifier.sendAll({}, 3);
    const parked: ('outcome' | 'receipt')[] = [];
    const days = ['0001-01-01', '2019-05-06', '2031-07-08', '9999-12-30'];
    const of = (arrivalDay: string): ArrivedReceipt => ({
      kind: 'matched',
      part: { chunk: { runId: 'r', runDay: '2026-01-30', chunkNo: 1 } } as never,
      receipt: {
        arrivalDay,
        arrivedAt: new Date(),
        provider: 'test',
        stat: 'DELIVRD',
        errorCode: null,
        runDay: istDay(new Date()),
        runId: '00000000-0000-7000-8000-0000000000aa',
        chunkNo: 1,
        partStride: 1,
        seq: 1,
        partNo: 1,
        parts: 1,
        acceptedParts: 1,
      },
    });

    await recorderOf(parked).add(days.map(of));
    await notifier.take([receipt('m-1', handsets.get('m-1') ?? '')]);

    expect(parked).toEqual([]);
    expect(await query(db, 'select from receipt_pack where arrival_day = any(:days::date[])', { days })).toHaveLength(
      4,
    );
    expect((await notifier.counts()).parts.delivered).toBe(1);
  });
});

describe('what is parked', () => {
  const park = (item: Record<string, unknown>) =>
    withTransaction(db, (tx) =>
      parkItem(tx, { kind: 'receipt', error: new Error('select 1 - for the id 919811111101\0'), item }),
    );

  test('is stored whatever it is, short, and without a number in it', async () => {
    await park({
      text: `\0 \ud800 ${'x'.repeat(100_000)}`,
      number: '+91 9811111101',
      spaced: '98111 11101',
      big: 2n ** 64n,
      nothing: null,
      never: new Date(Number.NaN),
      not: Number.NaN,
      mobileIndex: 1_234_567_890_123n,
    });

    const [row] = await parkedRows();
    expect(row?.reason).toBe('for the id xxxxxxxx1101');
    expect(row?.item).toMatchObject({
      number: '+xx xxxxxx1101',
      spaced: 'xxxxx x1101',
      nothing: null,
      never: 'no date',
      not: 'NaN',
    });
    expect(JSON.stringify(row)).not.toMatch(/98111|\d{10}/);
    expect(JSON.stringify(row).length).toBeLessThan(1_000);
  });

  test('is deleted by the sweeper after 90 days', async () => {
    for (const days of [91, 89, 0]) {
      await park({ days });
      await execute(
        db,
        `update parked_item set parked_at = now() - make_interval(days => :days::int) where item ->> 'days' = :days::text`,
        { days },
      );
    }

    await receiving(db).sweep();

    expect((await parkedRows()).map(({ item }) => item['days'])).toEqual(['89', '0']);
  });

  test('is counted in the readiness, which stays good, in the metrics and in the log, without its content', async () => {
    const lines: string[] = [];
    const part = parkedItems(db, openLog('test', 'info', { write: (line) => void lines.push(line) }));
    expect(await part.ready?.()).toEqual({ ok: true });

    await park({ providerMessageId: 'secret' });
    part.onParked('receipt', new Error('secret'));

    expect(await part.ready?.()).toEqual({ ok: true, detail: '1 parked, see the table parked_item' });
    expect(await part.metrics?.()).toMatchObject([
      { name: 'bijli_notifier_parked_items', samples: [{ value: 1 }] },
      {
        samples: [
          { labels: { kind: 'outcome' }, value: 0 },
          { labels: { kind: 'receipt' }, value: 1 },
        ],
      },
    ]);
    expect(lines.join('')).toContain('parked');
    expect(lines.join('')).not.toContain('secret');
  });
});
