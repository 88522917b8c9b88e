import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeDatabase, type Database, migrate, query } from '@bijli/postgres';
import { type FreshDatabase, freshDatabase } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { poolOf } from './billing-database.ts';
import { enter, heardAt, later, ledgerOf, postingsOn, waitingOf } from './ledger-in-database.ts';

const folder = join(import.meta.dirname, '../migrations');
const outbox = { name: 'outbox', folder: join(import.meta.dirname, '../../../libs/outbox/migrations') };
const number = '4100000001';
const id = newId();
let before: string;
let fresh: FreshDatabase;
let db: Database;

beforeAll(async () => {
  before = await mkdtemp(join(tmpdir(), 'bijli-migrations-'));
  await cp(folder, before, { recursive: true, filter: (file) => !/\/\d{4}-/.test(file) || /\/0001-/.test(file) });
  fresh = await freshDatabase({
    name: 'billing_before_cycles',
    prepare: async (url) => void (await migrate({ url, sources: [outbox, { name: 'service', folder: before }] })),
  });
  db = poolOf(fresh.url);
});
afterAll(async () => {
  await closeDatabase(db);
  await fresh.close();
  await rm(before, { recursive: true });
});

/** Writes an entry as it was written before. */
async function entryOf(version: number, type: string, outstanding: number) {
  const eventId = newId();
  await query(
    db,
    `insert into entry (account_id, version, event_id, type, reference, amount_paise, outstanding_paise, occurred_at)
     values (:id, :version, :eventId, :type, 'T-1', 40, :outstanding, :heardAt)`,
    { id, version, eventId, type, outstanding, heardAt },
  );
}

describe('the migration to what may be entered again', () => {
  test('keeps entries and what waits, and lets them go on: a cheque of before is paid in again', async () => {
    await query(db, 'insert into account (id, heard_version, account_number, version) values (:id, 1, :number, 2)', {
      id,
      number,
    });
    await query(db, 'insert into account_number (account_number, account_id) values (:number, :id)', { number, id });
    await entryOf(1, 'PaymentReceived', -40);
    await entryOf(2, 'PaymentReversed', 0);
    await query(
      db,
      `insert into waiting_event (event_id, account_number, account_id, reason, type, reference, occurred_at, heard_at)
       values (:eventId, :number, :id, 'unknown-payment', 'PaymentReversed', 'T-2', :heardAt, :heardAt)`,
      { eventId: newId(), number, id, heardAt },
    );
    await query(
      db,
      `insert into waiting_event (event_id, account_number, reason, type, reference, amount_paise, occurred_at, heard_at)
       values (:eventId, '4100000009', 'unknown-account', 'PaymentReceived', 'T-3', 5, :heardAt, now())`,
      { eventId: newId(), heardAt },
    );

    await migrate({ url: fresh.url, sources: [outbox, { name: 'service', folder }] });
    // Of the two that wait, one happened when it was heard: it told no time.
    expect(await query(db, 'select reference, is_dated from waiting_event order by reference')).toEqual([
      { reference: 'T-2', is_dated: false },
      { reference: 'T-3', is_dated: true },
    ]);
    const { payment } = postingsOn(number);
    await enter(db, payment('T-1', 40));
    expect((await ledgerOf(db, id)).entries).toHaveLength(2);
    await enter(db, later(payment('T-1', 40), 1), payment('T-2', 7));

    expect(await ledgerOf(db, id)).toEqual({
      entries: [
        'PaymentReceived T-1 40 = -40',
        'PaymentReversed T-1 40 = 0',
        'PaymentReceived T-1 40 = -40',
        'PaymentReceived T-2 7 = -47',
        'PaymentReversed T-2 7 = -40',
      ],
      outstanding: -40,
    });
    expect(await waitingOf(db, number)).toEqual([]);
    const cycles = await query<{ cycle: number }>(
      db,
      `select cycle from entry where reference = 'T-1' order by version`,
    );
    expect(cycles.map(({ cycle }) => cycle)).toEqual([1, 1, 2]);
  });
});
