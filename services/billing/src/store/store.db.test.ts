import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeDatabase, type Database, query, withTransaction } from '@bijli/postgres';
import type { FreshDatabase } from '@bijli/testing';
import { newId } from '@bijli/units';
import { billingDatabase, poolOf } from '../../test/billing-database.ts';
import { connect, enter, freshNumber, heardAt, later, postingsOn } from '../../test/ledger-in-database.ts';
import { loadItems } from './load-items.ts';
import { addNumbers, upsertConnections } from './upsert-connections.ts';
import { insertWaiting, type WaitingEvent } from './waiting-events.ts';

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

describe('an account', () => {
  test('cannot have a version twice, an entry twice, an amount of nothing, or an entry of no kind', async () => {
    const number = freshNumber();
    const id = await connect(db, number);
    await enter(db, postingsOn(number).bill('B-1', 5));
    const insert = (version: number, type: string, reference: string, amount: number) =>
      query(
        db,
        `insert into entry (account_id, version, event_id, type, reference, amount_paise, outstanding_paise, occurred_at)
         values (:id, :version, :eventId, :type, :reference, :amount, 0, now())`,
        { id, version, eventId: newId(), type, reference, amount },
      );

    await expect(insert(1, 'BillGenerated', 'B-2', 1)).rejects.toMatchObject({ constraint: 'entry_pkey' });
    await expect(insert(2, 'BillGenerated', 'B-1', 1)).rejects.toMatchObject({ constraint: 'entry_once' });
    await expect(insert(2, 'PaymentReceived', 'T-2', 0)).rejects.toMatchObject({ constraint: 'entry_amount_check' });
    await expect(insert(2, 'BillGenerated', 'B-2', -1)).rejects.toMatchObject({ constraint: 'entry_amount_check' });
    await expect(insert(2, 'BillForgotten', 'B-2', 1)).rejects.toMatchObject({ constraint: 'entry_type' });
    await expect(insert(0, 'BillGenerated', 'B-2', 1)).rejects.toMatchObject({ constraint: 'entry_version' });
  });
});

/** When what a test posts happened. */
const atMs = heardAt.getTime();

describe('items', () => {
  test('are those that are sought, of their account alone, with what took them back', async () => {
    const [number, other] = [freshNumber(), freshNumber()];
    const [id, otherId] = [await connect(db, number), await connect(db, other)];
    const { bill, payment, cancellation, reversal } = postingsOn(number);
    await enter(db, bill('R-1', 5), payment('R-1', 6), bill('R-2', 7), cancellation('R-1'));
    await enter(db, reversal('R-1'), later(payment('R-1', 6), 1));
    await enter(db, postingsOn(other).bill('R-1', 8));

    const sought = [
      { accountId: id, reference: 'R-1' },
      { accountId: id, reference: 'R-1' },
      { accountId: otherId, reference: 'R-2' },
    ];
    expect(await withTransaction(db, (tx) => loadItems(tx, sought))).toEqual(
      new Map([
        [
          id,
          new Map([
            [
              'bill R-1',
              {
                amountPaise: 5,
                enterings: [{ atMs, issuedOn: '2026-01-30', dueOn: '2026-02-14' }],
                takenBackAtMs: [atMs],
              },
            ],
            [
              'payment R-1',
              {
                amountPaise: 6,
                enterings: [
                  { atMs, issuedOn: null, dueOn: null },
                  { atMs: atMs + 60_000, issuedOn: null, dueOn: null },
                ],
                takenBackAtMs: [atMs],
              },
            ],
          ]),
        ],
      ]),
    );
  });
});

const waitingFor = (number: string): WaitingEvent => ({
  eventId: newId(),
  posting: postingsOn(number).bill('B-1', 5),
  accountId: null,
  reason: 'unknown-account',
  heardAt: new Date(),
  traceId: null,
  traceparent: null,
});

describe('connections', () => {
  test('are told apart into news and what was known; a number is news once, and only to who waits for it', async () => {
    const [known, fresh] = [newId(), newId()];
    const [one, two] = [freshNumber(), freshNumber()];
    await withTransaction(db, async (tx) => {
      await insertWaiting(tx, [waitingFor(one), waitingFor(two)]);
      const first = await upsertConnections(tx, [{ id: known, version: 3, accountNumber: one, formerNumbers: [] }]);
      expect(first).toEqual({ numbers: `{${one}}`, ids: `{${known}}`, erased: [] });
      expect(await addNumbers(tx, first)).toEqual([one]);

      const second = { id: fresh, version: 1, accountNumber: two, formerNumbers: [] };
      const older = { id: known, version: 2, accountNumber: freshNumber(), formerNumbers: [freshNumber()] };
      const news = await upsertConnections(tx, [older, second]);
      expect(news).toEqual({ numbers: `{${two}}`, ids: `{${fresh}}`, erased: [] });
      const numbers = { numbers: `{${one},${two},${freshNumber()}}`, ids: `{${known},${fresh},${fresh}}` };
      expect(await addNumbers(tx, numbers)).toEqual([two]);
      expect(await addNumbers(tx, numbers)).toEqual([]);
    });
  });

  test('that are erased have no number any more', async () => {
    const [gone, other] = [newId(), newId()];
    await withTransaction(db, async (tx) => {
      const heard = [gone, other].map((id) => ({
        id,
        version: 2,
        accountNumber: id === gone ? null : freshNumber(),
        formerNumbers: [],
      }));

      expect(await upsertConnections(tx, heard)).toMatchObject({ erased: [gone], ids: `{${other}}` });
    });
  });

  test('that had one number in one batch: it leads to the younger one', async () => {
    const [elder, younger] = [newId(Date.now() - 1_000), newId()];
    const number = freshNumber();
    await withTransaction(db, async (tx) => {
      const heard = [younger, elder].map((id) => ({ id, version: 1, accountNumber: number, formerNumbers: [] }));
      await addNumbers(tx, await upsertConnections(tx, heard));

      const [row] = await query<{ account_id: string }>(
        tx,
        'select account_id from account_number where account_number = :number',
        { number },
      );
      expect(row?.account_id).toBe(younger);
    });
  });
});
