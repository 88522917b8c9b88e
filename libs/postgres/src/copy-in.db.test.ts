import { type FreshDatabase, freshDatabase, until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { CopyRow, Database } from './index.ts';
import { closeDatabase, copyIn, openDatabase, query } from './index.ts';

let fresh: FreshDatabase;
let db: Database;

beforeAll(async () => {
  fresh = await freshDatabase({ name: 'copy_in', prepare });
  db = openDatabase({ url: fresh.url, applicationName: 'copy-in test', onIdleError: () => undefined });
});
afterAll(async () => {
  await closeDatabase(db);
  await fresh.close();
});

async function prepare(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    'create table copied (number bigint primary key, text text, bytes bytea, at timestamptz, flag boolean)',
  );
  await client.end();
}

const COLUMNS = ['number', 'text', 'bytes', 'at', 'flag'];
const AT = new Date('2026-01-30T08:35:00.123Z');
const countRows = async (): Promise<number> =>
  (await query<{ rows: number }>(db, 'select count(*)::integer as rows from copied'))[0]?.rows ?? -1;

const generatedRow = (number: number): CopyRow => [
  BigInt(number),
  `row ${number}`,
  Buffer.from([number % 256]),
  AT,
  number % 2 === 0,
];

/** Rows from 1 on, in pieces of nought to six. */
async function* generated(rows: number, failAt = Number.POSITIVE_INFINITY): AsyncGenerator<CopyRow[]> {
  for (let first = 1, size = 0; first <= rows; first += size, size = (size + 1) % 7) {
    if (first >= failAt) throw new Error('the source broke');
    yield Array.from({ length: Math.min(size, rows + 1 - first) }, (_none, index) => generatedRow(first + index));
  }
}

describe('copyIn', () => {
  test('copies 100,000 rows of an async iterator inside the transaction', async () => {
    const seenOutside = await db.transaction(async (tx) => {
      expect(await copyIn(tx, 'copied', COLUMNS, generated(100_000))).toBe(100_000);
      return await countRows();
    });

    expect(seenOutside).toBe(0);
    expect(await countRows()).toBe(100_000);
    await query(db, 'truncate copied');
  });

  test('keeps every character, every bit and every instant', async () => {
    const texts = ['a\tb\nc\rd\\e', '\\N', '', 'बिजली ⚡', '\\.', '"quoted", \'single\'', '\u0001\u007f'];
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const rows: CopyRow[] = texts.map((text, index) => [BigInt(index) - 2n ** 63n, text, bytes, AT, null]);

    const read = await db.transaction(async (tx) => {
      await copyIn(tx, 'public.copied', COLUMNS, rows);
      const found = await query<{ number: string; text: string; bytes: Buffer; at: Date; flag: null }>(
        tx,
        'select * from copied order by number',
      );
      await query(tx, 'delete from copied');
      return found;
    });

    expect(read.map(({ text }) => text)).toEqual(texts);
    expect(read.every((row) => row.bytes.equals(bytes) && row.at.getTime() === AT.getTime() && row.flag === null)).toBe(
      true,
    );
    expect(read[0]?.number).toBe('-9223372036854775808');
  });

  test('copies nothing when the iterator throws, says why, and leaves the connection usable', async () => {
    const single = openDatabase({
      url: fresh.url,
      applicationName: 'copy-in single',
      poolSize: 1,
      onIdleError: () => undefined,
    });

    const failed = single.transaction((tx) => copyIn(tx, 'copied', COLUMNS, generated(50_000, 40_000)));

    await expect(failed).rejects.toThrow('the source broke');
    expect(await query(single, 'select number from copied')).toEqual([]);
    await closeDatabase(single);
  });

  test('rejects with what PostgreSQL says of a bad row', async () => {
    const bad: CopyRow[] = [
      [1n, 'fine', null, null, null],
      [1n, 'the same again', null, null, null],
    ];

    await expect(db.transaction((tx) => copyIn(tx, 'copied', COLUMNS, bad))).rejects.toMatchObject({ code: '23505' });
    await expect(db.transaction((tx) => copyIn(tx, 'copied', ['number'], [[1n, 'one too many']]))).rejects.toThrow(
      '2 values for 1 columns',
    );
    expect(await countRows()).toBe(0);
  });

  test('reads no further ahead than PostgreSQL takes', async () => {
    let read = 0;
    const wide = 'x'.repeat(10_000);
    const rows = (function* source(): Generator<CopyRow> {
      for (; read < 5_000; read += 1) yield [read, wide, null, null, null];
    })();
    const locker = await db.transaction();
    await query(locker, 'lock table copied in access exclusive mode');

    const copying = db.transaction(async (tx) => {
      await copyIn(tx, 'copied', COLUMNS, rows);
      await query(tx, 'delete from copied');
    });
    const isWaiting = () =>
      query(
        db,
        "select 1 from pg_stat_activity where query like 'copy%' and wait_event_type = 'Lock' and datname = current_database()",
      );
    await until(async () => (await isWaiting()).length > 0, { describe: 'COPY waiting for the lock' });
    const aheadWhileLocked = read;
    await locker.rollback();
    await copying;

    expect(aheadWhileLocked).toBeLessThan(5_000);
    expect(read).toBe(5_000);
  });
});
