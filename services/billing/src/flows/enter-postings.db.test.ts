import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { closeDatabase, type Database, query, withTransaction } from '@bijli/postgres';
import type { FreshDatabase } from '@bijli/testing';
import { until } from '@bijli/testing';
import { newId } from '@bijli/units';
import fc from 'fast-check';
import { billingDatabase, poolOf } from '../../test/billing-database.ts';
import {
  connect,
  enter,
  expectSound,
  freshNumber,
  later,
  ledgerOf,
  postingsOn,
  received,
  waitingOf,
} from '../../test/ledger-in-database.ts';
import type { Posting } from '../domain/account.ts';
import { enterPostings } from './enter-postings.ts';
import { keepConnections } from './keep-connections.ts';

let database: FreshDatabase;
let db: Database;
beforeAll(async () => {
  database = await billingDatabase();
  db = poolOf(database.url);
});
afterAll(async () => {
  await closeDatabase(db);
  await database.close();
});
afterEach(() => expectSound(db));

/** A payment and its reversal as requests tell them that say no time, so many minutes after the first. */
function undatedOn(accountNumber: string) {
  const { payment, reversal } = postingsOn(accountNumber);
  const undated = (posting: Posting, minutes: number) => {
    const { occurredAt } = later(posting, minutes);
    return received({ ...posting, occurredAt, isDated: false }, { heardAt: occurredAt });
  };
  return {
    payment: (minutes = 0) => undated(payment('T', 100), minutes),
    reversal: (minutes = 0) => undated(reversal('T'), minutes),
  };
}

const taken = { is: 'taken' };
const repeated = { is: 'repeated' };

describe('entering', () => {
  test('keeps entries, what is outstanding, and events', async () => {
    const number = freshNumber();
    const id = await connect(db, number);
    const { bill, payment, reversal, cancellation } = postingsOn(number);

    expect(await enter(db, bill('B-1', 500), payment('T-1', 200))).toEqual([taken, taken]);
    expect(await enter(db, reversal('T-1'))).toEqual([taken]);
    expect(await enter(db, cancellation('B-1'), payment('T-2', 1))).toEqual([taken, taken]);

    expect(await ledgerOf(db, id)).toEqual({
      entries: [
        'BillGenerated B-1 500 = 500',
        'PaymentReceived T-1 200 = 300',
        'PaymentReversed T-1 200 = 500',
        'BillCancelled B-1 500 = 0',
        'PaymentReceived T-2 1 = -1',
      ],
      outstanding: -1,
    });
    expect(
      await query(
        db,
        'select topic, key, type, traceparent from outbox_event where key = :id order by outbox_id, position limit 1',
        { id },
      ),
    ).toEqual([{ topic: 'billing.account.v1', key: id, type: 'BillGenerated', traceparent: null }]);
  });

  test('does nothing at a repeat, in the same batch or later', async () => {
    const number = freshNumber();
    const id = await connect(db, number);
    const { bill, payment, reversal } = postingsOn(number);

    expect(await enter(db, bill('B-1', 5), bill('B-1', 5), payment('T-1', 5), payment('T-1', 5))).toEqual([
      taken,
      repeated,
      taken,
      repeated,
    ]);
    expect(await enter(db, reversal('T-1'), bill('B-1', 5))).toEqual([taken, repeated]);
    expect(await enter(db, reversal('T-1'), reversal('T-1'), payment('T-1', 5))).toEqual([
      repeated,
      repeated,
      repeated,
    ]);
    expect((await ledgerOf(db, id)).entries).toHaveLength(3);
  });

  test('knows an account by an old number, and tells it by the one of today', async () => {
    const [old, today] = [freshNumber(), freshNumber()];
    const id = await connect(db, old);
    await connect(db, today, id, 2);

    expect(await enter(db, postingsOn(old).bill('B-1', 100), postingsOn(today).payment('T-1', 30))).toEqual([
      taken,
      taken,
    ]);
    expect((await ledgerOf(db, id)).outstanding).toBe(70);
    expect(await enter(db, postingsOn(today).bill('B-1', 100))).toEqual([repeated]);
  });

  test('refuses what breaks a rule without looking at it, and what contradicts the ledger', async () => {
    const number = freshNumber();
    await connect(db, number);
    const { bill } = postingsOn(number);
    await enter(db, bill('B-1', 100));
    const refusal = new Error('refused');
    const refusing = withTransaction(db, async (tx) => {
      const decided = await enterPostings(
        tx,
        [bill('B-1', 101), bill('B\0', 1), { ...bill('B-2', 1), accountNumber: '\0' }, bill('B-3', 1)].map((each) =>
          received(each),
        ),
      );
      expect(decided.map(({ decision }) => ('code' in decision ? decision.code : 'accepted'))).toEqual([
        'reference-reused',
        'reference-format',
        'ten-digits',
        'accepted',
      ]);
      throw refusal;
    });
    await expect(refusing).rejects.toBe(refusal);
  });

  test('keeps hundreds of accounts right at once', async () => {
    const accounts = Array.from({ length: 500 }, () => ({
      id: newId(),
      version: 1,
      accountNumber: freshNumber(),
      formerNumbers: [],
    }));
    await withTransaction(db, (tx) => keepConnections(tx, accounts));
    const postings = accounts.flatMap(({ accountNumber }, index) => {
      const { bill, payment } = postingsOn(accountNumber);
      return [bill(`B-${index}`, 1_000 + index), payment(`T-${index}`, index + 1)];
    });

    expect(new Set((await enter(db, ...postings)).map(({ is }) => is))).toEqual(new Set(['taken']));
    const sums = await query<{ sum: string }>(
      db,
      'select sum(outstanding_paise) from account where id = any(:ids::uuid[])',
      { ids: accounts.map(({ id }) => id) },
    );
    expect(sums).toEqual([{ sum: String(500 * 999) }]);
  });

  test('comes to the same ledger in any order', async () => {
    const shuffles = fc.sample(
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], { minLength: 12, maxLength: 12 }),
      { numRuns: 12, seed: 7 },
    );
    for (const shuffle of shuffles) {
      const number = freshNumber();
      const id = await connect(db, number);
      const { bill, payment, reversal, cancellation } = postingsOn(number);
      const all = [
        bill('B-1', 700),
        bill('B-2', 20),
        payment('T-1', 50),
        payment('T-2', 50),
        reversal('T-1'),
        cancellation('B-2'),
      ];
      const feed = shuffle.flatMap((index) => all[index] ?? []);
      for (const batch of [feed.slice(0, 5), feed.slice(5, 6), feed.slice(6)]) await enter(db, ...batch);

      const { entries, outstanding } = await ledgerOf(db, id);
      expect(outstanding).toBe(650);
      expect(entries.map((entry) => entry.split(' = ')[0]).sort()).toEqual([
        'BillCancelled B-2 20',
        'BillGenerated B-1 700',
        'BillGenerated B-2 20',
        'PaymentReceived T-1 50',
        'PaymentReceived T-2 50',
        'PaymentReversed T-1 50',
      ]);
      expect(await waitingOf(db, number)).toEqual([]);
    }
  });

  test('enters a cheque again that bounced and a bill again that was cancelled, in any order', async () => {
    const shuffles = fc.sample(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7, maxLength: 7 }), {
      numRuns: 40,
      seed: 11,
    });
    for (const shuffle of shuffles) {
      const number = freshNumber();
      const id = await connect(db, number);
      const { bill, payment, reversal, cancellation } = postingsOn(number);
      const all = [
        payment('T-1', 50),
        later(reversal('T-1'), 1),
        later(payment('T-1', 50), 2),
        later(reversal('T-1'), 3),
        bill('B-1', 700),
        later(cancellation('B-1'), 1),
        later(bill('B-1', 700), 2),
      ];
      const feed = shuffle.flatMap((index) => all[index] ?? []);
      for (const batch of [feed.slice(0, 1), feed.slice(1, 4), feed.slice(4), feed]) await enter(db, ...batch);

      const { entries, outstanding } = await ledgerOf(db, id);
      expect(outstanding).toBe(700);
      expect(entries.map((entry) => entry.split(' = ')[0]).sort()).toEqual([
        'BillCancelled B-1 700',
        'BillGenerated B-1 700',
        'BillGenerated B-1 700',
        'PaymentReceived T-1 50',
        'PaymentReceived T-1 50',
        'PaymentReversed T-1 50',
        'PaymentReversed T-1 50',
      ]);
      expect(await waitingOf(db, number)).toEqual([]);
    }
  });

  test('is done by many at once without gaps and without a deadlock', async () => {
    const numbers = [freshNumber(), freshNumber()];
    const ids = [await connect(db, numbers[0] ?? ''), await connect(db, numbers[1] ?? '')];
    const batches = Array.from({ length: 8 }, (_none, index) =>
      [...numbers, ...numbers].map((number, at) => postingsOn(number).payment(`T-${index}-${at}`, 1)),
    );
    await Promise.all(batches.map((batch, index) => enter(db, ...(index % 2 === 0 ? batch : batch.toReversed()))));

    for (const id of ids) expect((await ledgerOf(db, id)).outstanding).toBe(-16);
  });
});

describe('what waits', () => {
  test('for its payment or bill is entered with it, and once', async () => {
    const number = freshNumber();
    const id = await connect(db, number);
    const { bill, payment, reversal, cancellation } = postingsOn(number);
    const early = received(reversal('T-1'));

    expect(await enter(db, early, cancellation('B-1'), reversal('T-1'))).toEqual([
      { is: 'waiting', code: 'unknown-payment' },
      { is: 'waiting', code: 'unknown-bill' },
      { is: 'waiting', code: 'unknown-payment' },
    ]);
    await enter(db, early);
    expect(await waitingOf(db, number)).toEqual([
      'PaymentReversed T-1 unknown-payment',
      'BillCancelled B-1 unknown-bill',
    ]);

    await enter(db, payment('T-2', 1));
    expect(await waitingOf(db, number)).toHaveLength(2);
    expect(await enter(db, payment('T-1', 40))).toEqual([taken]);
    expect(await waitingOf(db, number)).toEqual(['BillCancelled B-1 unknown-bill']);
    await enter(db, bill('B-1', 900));
    expect(await waitingOf(db, number)).toEqual([]);
    expect((await ledgerOf(db, id)).entries).toEqual([
      'PaymentReceived T-2 1 = -1',
      'PaymentReceived T-1 40 = -41',
      'PaymentReversed T-1 40 = -1',
      'BillGenerated B-1 900 = 899',
      'BillCancelled B-1 900 = -1',
    ]);
  });

  test('for the reversal of the payment that stands, and for the payment that comes again', async () => {
    const number = freshNumber();
    const id = await connect(db, number);
    const { payment, reversal } = postingsOn(number);
    const again = later(payment('T-1', 40), 2);

    expect(await enter(db, payment('T-1', 40), again, again)).toEqual([
      taken,
      { is: 'waiting', code: 'not-taken-back' },
      { is: 'waiting', code: 'not-taken-back' },
    ]);
    expect(await waitingOf(db, number)).toEqual(['PaymentReceived T-1 not-taken-back']);
    expect(await enter(db, later(reversal('T-1'), 1))).toEqual([taken]);
    expect(await waitingOf(db, number)).toEqual([]);
    expect((await ledgerOf(db, id)).outstanding).toBe(-40);

    expect(await enter(db, later(reversal('T-1'), 3), later(reversal('T-1'), 5))).toEqual([
      taken,
      { is: 'waiting', code: 'not-entered-again' },
    ]);
    await enter(db, later(payment('T-1', 40), 4));
    expect(await ledgerOf(db, id)).toMatchObject({ outstanding: 0 });
    expect((await ledgerOf(db, id)).entries).toHaveLength(6);
    expect(await waitingOf(db, number)).toEqual([]);
  });

  test('does not grow without end where a system dates its repeats anew', async () => {
    const number = freshNumber();
    const id = await connect(db, number);
    const { payment } = postingsOn(number);
    for (let night = 0; night < 30; night += 1) await enter(db, later(payment('T-1', 40), night));

    expect((await ledgerOf(db, id)).entries).toHaveLength(1);
    expect(await waitingOf(db, number)).toHaveLength(8);

    const unknown = freshNumber();
    for (let night = 0; night < 30; night += 1) await enter(db, later(postingsOn(unknown).payment('T-1', 40), night));
    expect(await waitingOf(db, unknown)).toHaveLength(8);
  });

  test('under an old number is entered with what comes under the number of today', async () => {
    const [old, today] = [freshNumber(), freshNumber()];
    const id = await connect(db, old);
    await enter(db, postingsOn(old).reversal('T-1'));
    await connect(db, today, id, 2);

    await enter(db, postingsOn(today).payment('T-1', 40));
    expect(await ledgerOf(db, id)).toMatchObject({ outstanding: 0 });
    expect(await waitingOf(db, old)).toEqual([]);
  });

  test('for its account is entered when that appears, as of when it was heard', async () => {
    const number = freshNumber();
    const { bill, payment, reversal } = postingsOn(number);
    const long = { heardAt: new Date('2020-01-30T12:00:00Z') };
    const old = { issuedOn: '2020-01-30', dueOn: '2020-02-14', occurredAt: long.heardAt };

    expect(
      await enter(
        db,
        reversal('T-1'),
        bill('B-1', 900),
        received({ ...bill('B-0', 50), ...old }, long),
        payment('T-1', 40),
        reversal('T-9'),
      ),
    ).toEqual(Array.from({ length: 5 }, () => ({ is: 'waiting', code: 'unknown-account' })));
    await enter(db, bill('B-1', 900));
    expect(await waitingOf(db, number)).toHaveLength(5);

    const id = await connect(db, number);
    expect((await ledgerOf(db, id)).entries).toEqual([
      'BillGenerated B-1 900 = 900',
      'BillGenerated B-0 50 = 950',
      'PaymentReceived T-1 40 = 910',
      'PaymentReversed T-1 40 = 950',
    ]);
    expect(await waitingOf(db, number)).toEqual(['PaymentReversed T-9 unknown-payment']);
    await enter(db, payment('T-9', 1));
    expect(await waitingOf(db, number)).toEqual([]);
  });

  test('and tells no time is taken in its order, as by an account that is known', async () => {
    const number = freshNumber();
    const { payment, reversal } = undatedOn(number);

    await enter(db, payment(), reversal(), payment());
    const id = await connect(db, number);

    expect(await ledgerOf(db, id)).toEqual({
      entries: ['PaymentReceived T 100 = -100', 'PaymentReversed T 100 = 0', 'PaymentReceived T 100 = -100'],
      outstanding: -100,
    });
    expect(await waitingOf(db, number)).toEqual([]);
  });

  test('and is told twice without a time is entered once, and a later reversal does not enter it again', async () => {
    const number = freshNumber();
    const { payment, reversal } = undatedOn(number);

    await enter(db, payment());
    await enter(db, payment(1), payment(1));
    expect(await waitingOf(db, number)).toEqual(['PaymentReceived T unknown-account']);
    const id = await connect(db, number);
    await enter(db, reversal(2));

    expect(await ledgerOf(db, id)).toEqual({
      entries: ['PaymentReceived T 100 = -100', 'PaymentReversed T 100 = 0'],
      outstanding: 0,
    });
    expect(await waitingOf(db, number)).toEqual([]);
  });

  test('of a reversal without a time, told twice before its payment, takes back one payment and no later one', async () => {
    const number = freshNumber();
    const id = await connect(db, number);
    const { payment, reversal } = undatedOn(number);

    await enter(db, reversal(), reversal());
    await enter(db, reversal(1));
    expect(await waitingOf(db, number)).toEqual(['PaymentReversed T unknown-payment']);
    await enter(db, payment(2));
    await enter(db, payment(3));

    expect(await ledgerOf(db, id)).toEqual({
      entries: ['PaymentReceived T 100 = -100', 'PaymentReversed T 100 = 0', 'PaymentReceived T 100 = -100'],
      outstanding: -100,
    });
  });

  test('comes to the same ledger with an account that is known and with one that appears later, where nothing tells a time', async () => {
    const steps = fc.array(fc.constantFrom<'payment' | 'reversal'>('payment', 'reversal'), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 8 }), async (kinds, batchSize) => {
        const ledgers = [];
        for (const isKnown of [true, false]) {
          const number = freshNumber();
          const known = isKnown ? await connect(db, number) : null;
          const make = undatedOn(number);
          const postings = ['payment' as const, ...kinds].map((kind, nth) => make[kind](nth));
          for (let from = 0; from < postings.length; from += batchSize)
            await enter(db, ...postings.slice(from, from + batchSize));
          ledgers.push(await ledgerOf(db, known ?? (await connect(db, number))));
          expect(await waitingOf(db, number)).toEqual([]);
        }
        expect(ledgers[1]).toEqual(ledgers[0]);
      }),
      { numRuns: 25 },
    );
  });

  test('is entered by thousands on one account', async () => {
    const number = freshNumber();
    const { payment } = postingsOn(number);
    for (let from = 0; from < 2_100; from += 700)
      await enter(db, ...Array.from({ length: 700 }, (_none, index) => payment(`T-${from + index}`, 2)));

    const id = await connect(db, number);
    expect(await ledgerOf(db, id)).toMatchObject({ outstanding: -4_200 });
    expect(await waitingOf(db, number)).toEqual([]);
  });

  test('and is contradicted by what waited before it stays for a person', async () => {
    const number = freshNumber();
    const { bill } = postingsOn(number);
    await enter(db, bill('B-1', 900));
    await enter(db, bill('B-1', 901));
    expect(await waitingOf(db, number)).toHaveLength(2);

    const id = await connect(db, number);
    expect(await waitingOf(db, number)).toEqual(['BillGenerated B-1 reference-reused']);
    await enter(db, bill('B-2', 1));
    expect(await ledgerOf(db, id)).toMatchObject({ outstanding: 901 });
    expect(await waitingOf(db, number)).toEqual(['BillGenerated B-1 reference-reused']);
  });

  test('and its account do not miss each other when both come at once', async () => {
    for (const first of ['posting', 'connection'] as const) {
      const number = freshNumber();
      const id = newId();
      const posting = received(postingsOn(number).bill('B-1', 5));
      const connection = { id, version: 1, accountNumber: number, formerNumbers: [] };
      let second: Promise<unknown> | undefined;
      await withTransaction(db, async (tx) => {
        if (first === 'posting') await enterPostings(tx, [posting]);
        else await keepConnections(tx, [connection]);
        second = first === 'posting' ? connect(db, number, id) : enter(db, posting);
        await until(() => waitingForLock(), { describe: 'the second to wait' });
      });
      await second;

      expect(await ledgerOf(db, id)).toMatchObject({ outstanding: 5 });
      expect(await waitingOf(db, number)).toEqual([]);
    }
  });
});

describe('connections', () => {
  test('are kept at their newest version; a repeat and an older one do nothing', async () => {
    const [old, today] = [freshNumber(), freshNumber()];
    const id = await connect(db, today, newId(), 2);
    await connect(db, old, id, 1);
    await connect(db, today, id, 2);

    expect(await query(db, 'select account_number from account_number where account_id = :id', { id })).toEqual([
      { account_number: today },
    ]);
    expect(await query(db, 'select heard_version, account_number from account where id = :id', { id })).toEqual([
      { heard_version: '2', account_number: today },
    ]);
  });

  test('that are erased leave no number, keep their ledger, and do not come back by an older event', async () => {
    const [old, today] = [freshNumber(), freshNumber()];
    const id = await connect(db, old);
    await connect(db, today, id, 2);
    await enter(db, postingsOn(old).bill('B-1', 100));
    await connect(db, null, id, 3);
    await connect(db, today, id, 2);

    expect(await query(db, 'select from account_number where account_id = :id', { id })).toEqual([]);
    expect(await query(db, 'select account_number from account where id = :id', { id })).toEqual([
      { account_number: null },
    ]);
    expect(await ledgerOf(db, id)).toMatchObject({ outstanding: 100 });
    expect(await enter(db, postingsOn(old).bill('B-2', 100))).toEqual([{ is: 'waiting', code: 'unknown-account' }]);
  });

  test('are meant by their old numbers too, also where only the newest version was ever heard', async () => {
    const [old, today] = [freshNumber(), freshNumber()];
    expect(await enter(db, postingsOn(old).bill('B-1', 100))).toEqual([{ is: 'waiting', code: 'unknown-account' }]);
    const id = await connect(db, today, newId(), 7, [old]);

    await enter(db, postingsOn(old).payment('T-1', 40));

    expect(await ledgerOf(db, id)).toMatchObject({ outstanding: 60 });
    expect(await waitingOf(db, old)).toEqual([]);
  });

  test('give a number to whoever had it last', async () => {
    const number = freshNumber();
    await connect(db, number);
    const id = await connect(db, number);
    await enter(db, postingsOn(number).bill('B-1', 100));

    expect(await ledgerOf(db, id)).toMatchObject({ outstanding: 100 });
  });
});

async function waitingForLock(): Promise<boolean> {
  const rows = await query(
    db,
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length === 1;
}
