import { join } from 'node:path';
import type { OffsetRange, Portion, RawRecord, UnreadableBatch } from '@bijli/kafka';
import { closeDatabase, type Database, migrate, openDatabase, query } from '@bijli/postgres';
import { type FreshDatabase, freshDatabase } from '@bijli/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { getDeadLetter, listDeadLetters } from './list-dead-letters.ts';
import { discardDeadLetter, replayDeadLetter } from './decide-dead-letter.ts';
import { parkBatch } from './park-batch.ts';
import { type Reader, readAgain } from './read-again.ts';

let fresh: FreshDatabase;
let db: Database;
const sources = [{ name: 'outbox', folder: join(import.meta.dirname, '../../migrations') }];
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

beforeEach(async () => {
  fresh = await freshDatabase({ name: 'read_again', prepare: async (url) => void (await migrate({ url, sources })) });
  taken.length = 0;
  db = openDatabase({ url: fresh.url, applicationName: 'read again', onIdleError: () => undefined });
});
afterEach(async () => {
  await closeDatabase(db);
  await fresh.close();
});

const batch = (partition: number): UnreadableBatch => ({
  ...{ topic: 'told', partition, first: 10n, last: 19n, reason: 'unknown-codec', detail: 'codec 6, 97 octets' },
});

/** Parks a batch of each of these partitions and has it read again, in this order. Gives their dead letters. */
async function replayed(...partitions: number[]): Promise<string[]> {
  const ids: string[] = [];
  for (const partition of partitions) {
    await parkBatch(db, 'outages', batch(partition));
    ids.push((await listDeadLetters(db)).at(-1)?.id ?? '');
    await decide('replay', ids.at(-1));
  }
  return ids;
}

const decide = (action: 'replay' | 'discard', id = ''): Promise<boolean> =>
  db.transaction((tx) => (action === 'replay' ? replayDeadLetter(tx, id, 'asha') : discardDeadLetter(tx, id, 'asha')));

/** Offsets that were taken again. */
const taken: bigint[] = [];

/** A subscription that reads its topic so. */
const reader = (read: (range: OffsetRange) => AsyncGenerator<Portion>): Reader => ({
  running: {
    subscription: { name: 'outages' } as Reader['running']['subscription'],
    counts: {} as Reader['running']['counts'],
    loop: {} as Reader['running']['loop'],
    readers: [],
    takeAgain: async (records) => void taken.push(...records.map(({ offset }) => offset)),
  },
  raw: { read, stop: async () => undefined, progress: {} as Reader['raw']['progress'] },
});

async function* stillUnreadable({ partition, last = 0n }: OffsetRange): AsyncGenerator<Portion> {
  yield { records: [], next: last + 1n, unreadable: batch(partition) };
}

const recordAt = (offset: bigint): RawRecord => ({
  ...{ topic: 'told', partition: 0, offset, key: 'k', value: null, headers: {}, timestamp: new Date() },
});

const stateOf = async (id: string | undefined) => (await getDeadLetter(db, id ?? ''))?.state;
const isDueNow = () => query(db, 'update topic_reading set due_at = now()');

describe('a reading that always fails', () => {
  test('lets the others pass, is tried again later and later, and says why', async () => {
    const [failing, second, third] = await replayed(0, 1, 2);
    const tried: number[] = [];
    const subscription = reader(async function* (range) {
      tried.push(range.partition);
      if (range.partition === 0) throw Object.assign(new Error('it is told'), { name: 'BrokerRefusal', code: '56' });
      yield* stillUnreadable(range);
    });

    for (let round = 0; round < 6; round += 1) await readAgain(db, log, [subscription]);

    expect(tried).toEqual([0, 1, 2]);
    expect([await stateOf(second), await stateOf(third)]).toEqual(['waiting', 'waiting']);
    expect((await getDeadLetter(db, failing ?? ''))?.reading).toMatchObject({
      failures: 1,
      failure: 'BrokerRefusal 56',
    });
    const waits: number[] = [];
    for (let time = 0; time < 8; time += 1) {
      await isDueNow();
      await readAgain(db, log, [subscription]);
      const [row] = await query<{ wait: number }>(
        db,
        'select round(extract(epoch from due_at - now()))::integer as wait from topic_reading',
      );
      waits.push(row?.wait ?? 0);
    }
    expect(waits.map((wait) => Math.round(wait / 5) * 5)).toEqual([10, 20, 40, 80, 160, 300, 300, 300]);
  });

  test('begins anew when it is replayed once more after it was reopened otherwise', async () => {
    const [id = ''] = await replayed(0);
    await query(db, `update topic_reading set failures = 7, failure = 'x', due_at = now() + interval '5 minutes'`);
    await query(db, `update dead_letter set state = 'waiting'`);
    await decide('replay', id);

    await readAgain(db, log, [reader(stillUnreadable)]);

    expect(await stateOf(id)).toBe('waiting');
    expect((await getDeadLetter(db, id))?.reading).toBeNull();
  });
});

describe('a reading that dies half-way', () => {
  /** Reads what it does, and then its process is gone. */
  const dying = reader(async function* (range) {
    yield* stillUnreadable(range);
    throw new Error('as if the process died here');
  });

  test('is gone on with, and lets its letter wait again', async () => {
    const [id = ''] = await replayed(0);
    await readAgain(db, log, [dying]);

    expect(await stateOf(id)).toBe('replayed');
    await isDueNow();
    await readAgain(db, log, [reader(stillUnreadable)]);
    expect(await stateOf(id)).toBe('waiting');
    expect(await decide('discard', id)).toBe(true);
    await readAgain(db, log, [reader(stillUnreadable)]);
    expect(await stateOf(id)).toBe('discarded');
  });

  test('may be given up: its letter is found by its id and discarded, and is not read any more', async () => {
    const [id = ''] = await replayed(0);
    await readAgain(db, log, [dying]);

    expect(await listDeadLetters(db)).toEqual([]);
    expect(await listDeadLetters(db, { id })).toHaveLength(1);
    expect(await decide('discard', id)).toBe(true);
    await readAgain(db, log, [reader(stillUnreadable)]);
    expect(await stateOf(id)).toBe('discarded');
  });

  test('reads what is kept of a compacted topic there too: its key may have been erased since', async () => {
    await query(
      db,
      `insert into dead_letter (subscription, topic, partition, record_offset, key, value, headers, received_at, reason, detail)
       values ('connections', 'consumer-registry.connection.v1', 3, 7, 'c-1', '\\x00', '{}', now(), 'failed', 'Error')`,
    );
    const [letter] = await listDeadLetters(db);

    await decide('replay', letter?.id);

    expect(await query(db, 'select id from inbox_pending')).toEqual([]);
    expect((await getDeadLetter(db, letter?.id ?? ''))?.reading).toMatchObject({ failures: 0 });
  });

  test.each(['discard', 'replay'] as const)(
    'leaves a decision (%s) that was taken meanwhile as it is',
    async (action) => {
      const [id = ''] = await replayed(0);
      let times = 0;
      const interrupted = reader(async function* (range) {
        times += 1;
        yield* stillUnreadable(range);
        if (times > 1) return;
        // As a record that is too large does: it dies again while its topic is read.
        await query(db, `update dead_letter set state = 'waiting' where id = :id`, { id });
        await decide(action, id);
      });

      await readAgain(db, log, [interrupted]);
      expect(await stateOf(id)).toBe(action === 'replay' ? 'replayed' : 'discarded');
      await readAgain(db, log, [interrupted]);

      expect({ times, state: await stateOf(id) }).toEqual(
        action === 'replay' ? { times: 2, state: 'waiting' } : { times: 1, state: 'discarded' },
      );
    },
  );

  test('reads on behind a record of it that died by itself and was let go', async () => {
    const [id = ''] = await replayed(0);
    await readAgain(db, log, [dying]);
    await query(db, `update dead_letter set state = 'waiting', last_offset = null, value = '' where id = :id`, { id });
    await decide('discard', id);
    const ranges: OffsetRange[] = [];
    await isDueNow();
    await readAgain(db, log, [
      reader(async function* (range) {
        ranges.push(range);
      }),
    ]);

    expect(ranges).toMatchObject([{ first: 11n, last: 19n }]);
    expect(await stateOf(id)).toBe('discarded');
  });

  test('reads on behind a record of it that died by its size and was let go', async () => {
    const [id = ''] = await replayed(0);
    await readAgain(db, log, [dying]);
    await query(db, `update dead_letter set state = 'waiting', last_offset = 10, reason = 'too-large' where id = :id`, {
      id,
    });
    expect(await decide('discard', id)).toBe(true);
    const ranges: OffsetRange[] = [];
    await isDueNow();
    await readAgain(db, log, [
      reader(async function* (range) {
        ranges.push(range);
        yield { records: [], next: 11n, unreadable: { ...batch(0), first: 11n } };
      }),
    ]);

    expect(ranges).toMatchObject([{ first: 11n, last: 19n }]);
    expect(await stateOf(id)).toBe('discarded');
    expect(await listDeadLetters(db)).toMatchObject([{ offset: 11n, lastOffset: 19n }]);
  });

  test('is read on behind a record that two people let go', async () => {
    const [id = ''] = await replayed(0);
    await readAgain(db, log, [dying]);
    await query(db, `update dead_letter set state = 'waiting', last_offset = null, value = '' where id = :id`, { id });
    await decide('discard', id);
    await decide('discard', id);

    expect(await query(db, 'select first_offset, last_offset from topic_reading')).toEqual([
      { first_offset: '11', last_offset: '19' },
    ]);
  });

  test('tells of what is left of it that the topic has forgotten', async () => {
    const [id = ''] = await replayed(0);
    await readAgain(db, log, [dying]);
    await query(db, `update dead_letter set state = 'waiting', last_offset = null, value = '' where id = :id`, { id });
    await decide('discard', id);
    await isDueNow();
    await readAgain(db, log, [reader(async function* () {})]);

    expect(await stateOf(id)).toBe('discarded');
    expect(await listDeadLetters(db)).toMatchObject([{ offset: 11n, lastOffset: 19n, reason: 'gone' }]);
  });

  test('takes no record again that died by itself the first time and was let go', async () => {
    await replayed(0);
    await query(
      db,
      `insert into dead_letter (subscription, topic, partition, record_offset, key, value, headers, received_at, reason, detail, state)
       values ('outages', 'told', 0, 12, 'k', '', '{}', now(), 'failed', 'Error', 'discarded'),
              ('outages', 'told', 1, 13, 'k', '', '{}', now(), 'failed', 'Error', 'discarded'),
              ('outages', 'told', 0, 14, 'k', '', '{}', now(), 'failed', 'Error', 'waiting')`,
    );

    await readAgain(db, log, [
      reader(async function* () {
        yield { records: [11n, 12n, 13n, 14n].map(recordAt), next: 15n, unreadable: null };
      }),
    ]);

    expect(taken).toEqual([11n, 13n, 14n]);
  });
});

describe('a range of which the topic has forgotten', () => {
  const gone = (last: bigint): UnreadableBatch => ({ ...batch(0), last, reason: 'gone', detail: 'no more' });

  test('a part: the rest is read, and the letter waits for that part', async () => {
    const [id = ''] = await replayed(0);

    await readAgain(db, log, [
      reader(async function* () {
        yield { records: [], next: 13n, unreadable: gone(12n) };
        yield { records: [recordAt(13n)], next: 20n, unreadable: null };
      }),
    ]);

    expect(taken).toEqual([13n]);
    expect(await listDeadLetters(db)).toMatchObject([{ id, offset: 10n, lastOffset: 12n, reason: 'gone' }]);
  });

  test('all: the letter waits as it was, with that reason', async () => {
    const [id = ''] = await replayed(0);

    await readAgain(db, log, [
      reader(async function* () {
        yield { records: [], next: 40n, unreadable: gone(19n) };
      }),
    ]);

    expect(await listDeadLetters(db)).toMatchObject([{ id, offset: 10n, lastOffset: 19n, reason: 'gone', deaths: 2 }]);
  });
});

describe('a reading that takes long', () => {
  test('is renewed with every portion, and stops when another replica has made it its own', async () => {
    await replayed(0);
    const due: Date[] = [];
    let portions = 0;

    await readAgain(db, log, [
      reader(async function* () {
        for (const next of [11n, 12n, 13n, 14n]) {
          const [row] = await query<{ due_at: Date }>(db, 'select due_at from topic_reading');
          if (row !== undefined) due.push(row.due_at);
          if (portions === 2) await query(db, 'update topic_reading set begun_at = now()');
          portions += 1;
          yield { records: [recordAt(next - 1n)], next, unreadable: null };
        }
      }),
    ]);

    expect(due).toEqual(due.toSorted((a, b) => a.getTime() - b.getTime()));
    expect(new Set(due.map((at) => at.getTime())).size).toBe(3);
    expect(portions).toBe(3);
    expect(await query(db, 'select from topic_reading')).toHaveLength(1);
  });
});
