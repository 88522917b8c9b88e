import { decodeEvent } from '@bijli/events';
import { closeDatabase, type Database, migrate, openDatabase, query, type Transaction } from '@bijli/postgres';
import { type FreshDatabase, freshDatabase } from '@bijli/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { OUTAGE, type Outage, outage } from '../../test/outages.ts';
import { appendEvents, appendTombstones } from './append-events.ts';

let fresh: FreshDatabase;
let db: Database;
const sources = [{ name: 'outbox', folder: join(import.meta.dirname, '../../migrations') }];

beforeAll(async () => {
  fresh = await freshDatabase({
    name: 'append_events',
    prepare: async (url) => void (await migrate({ url, sources })),
  });
  db = openDatabase({ url: fresh.url, applicationName: 'append events', onIdleError: () => undefined });
});
afterEach(() => query(db, 'delete from outbox'));
afterAll(async () => {
  await closeDatabase(db);
  await fresh.close();
});

const outages = (count: number): Outage[] => Array.from({ length: count }, (_, n) => outage(`o-${n}`, 1));

async function keys(): Promise<string[]> {
  const rows = await query<{ key: string; value: Buffer }>(
    db,
    'select key, value from outbox_event order by outbox_id, position',
  );
  for (const { key, value } of rows) expect(decodeEvent(OUTAGE, value).aggregateId).toBe(key);
  return rows.map(({ key }) => key);
}

/** Looks up some more in the transaction that they are written in, as an import does. */
async function* lookedUp(
  tx: Transaction,
  ...pieces: readonly (readonly Outage[])[]
): AsyncGenerator<readonly Outage[]> {
  for (const piece of pieces) {
    await query(tx, 'select count(*) from outbox');
    yield piece;
  }
}

describe('appendEvents', () => {
  test('keeps the order of many, given at once or in pieces', async () => {
    const all = outages(2_500);
    const expected = all.map(({ aggregateId }) => aggregateId);

    await db.transaction((tx) => appendEvents(tx, OUTAGE, all));
    expect(await keys()).toEqual(expected);
    await query(db, 'delete from outbox');
    const pieces = [all.slice(0, 1), [], all.slice(1, 1_800), all.slice(1_800)];
    await db.transaction((tx) => appendEvents(tx, OUTAGE, lookedUp(tx, ...pieces)));
    expect(await keys()).toEqual(expected);
  });

  test('writes what one statement says into one row, and closes a row that is large enough', async () => {
    const large = outages(5).map((each) => ({ ...each, nodeIds: Array.from({ length: 20_000 }, (_, n) => `F-${n}`) }));

    await db.transaction((tx) => appendEvents(tx, OUTAGE, outages(2_500)));
    await db.transaction((tx) => appendEvents(tx, OUTAGE, large));
    await db.transaction((tx) => appendTombstones(tx, OUTAGE, ['o-1', 'o-2']));

    expect(await query(db, 'select event_count from outbox order by id')).toEqual(
      [1_000, 1_000, 500, 3, 2, 2].map((event_count) => ({ event_count })),
    );
    expect(await query(db, 'select key, value from outbox_event where event_id is null order by position')).toEqual(
      ['o-1', 'o-2'].map((key) => ({ key, value: null })),
    );
  });

  test('writes nothing of nothing', async () => {
    await db.transaction((tx) => appendEvents(tx, OUTAGE, []));

    expect(await keys()).toEqual([]);
  });

  test('fails as the statement of a later piece does, not as what was said behind it', async () => {
    async function* failing(tx: Transaction): AsyncGenerator<Outage[]> {
      yield outages(1);
      yield outages(1_800);
      await query(tx, 'select 1 / 0');
    }

    await expect(db.transaction((tx) => appendEvents(tx, OUTAGE, failing(tx)))).rejects.toMatchObject({
      code: '22012',
    });
    expect(await keys()).toEqual([]);
  });

  test('fails with the transaction when a later piece does not fit its schema', async () => {
    const wrong = { ...outage('o-2', 1), cause: 7 } as unknown as Outage;

    await expect(
      db.transaction((tx) => appendEvents(tx, OUTAGE, lookedUp(tx, outages(2), [wrong], outages(3)))),
    ).rejects.toThrow(/cause/);

    expect(await keys()).toEqual([]);
  });
});
