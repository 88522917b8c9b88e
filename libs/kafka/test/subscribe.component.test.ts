import { until } from '@bijli/testing';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { RawRecord, RawSubscription } from '../src/index.ts';
import { isUnknownTopic, openProducer } from '../src/produce.ts';
import { collect, createTopic, keysOf, memoryLog, produce, testConnection } from './fixtures.ts';

const KEYS = Array.from({ length: 100 }, (_, index) => `key-${index}`);
const open: RawSubscription[] = [];
const kept = <T extends RawSubscription>(subscription: T): T => (open.push(subscription), subscription);

afterEach(async () => {
  await Promise.all(open.splice(0).map((subscription) => subscription.stop()));
});

describe('subscribe', () => {
  test('hears what was written before it came, once, with key, value, headers and time', async () => {
    const connection = testConnection();
    await createTopic(connection, 'told');
    await produce(connection, 'told', KEYS, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });

    const { heard } = kept(await collect(connection, 'told'));
    await until(() => heard.length >= KEYS.length, { describe: 'all records' });

    expect(keysOf(heard).sort()).toEqual([...KEYS].sort());
    const record = heard.find(({ key }) => key === 'key-7');
    expect(record).toMatchObject({
      topic: 'told',
      value: Buffer.from('value of key-7'),
      headers: { traceparent: expect.stringContaining('0af7') },
    });
    expect(Math.abs(Date.now() - (record?.timestamp.getTime() ?? 0))).toBeLessThan(60_000);
  });

  test('goes on where its group stopped, and another group begins anew', async () => {
    const connection = testConnection();
    await createTopic(connection, 'told');
    await produce(connection, 'told', ['first']);
    const before = kept(await collect(connection, 'told'));
    await until(() => before.progress().latestCommitAt, { describe: 'the commit' });
    await before.stop();
    await produce(connection, 'told', ['second']);

    const after = kept(await collect(connection, 'told'));
    const other = kept(await collect(connection, 'told', { group: 'other' }));
    await until(() => after.heard.length >= 1 && other.heard.length >= 2, { describe: 'both groups' });

    expect(keysOf(after.heard)).toEqual(['second']);
    expect(keysOf(other.heard).sort()).toEqual(['first', 'second']);
  });

  test.each([
    ['a TypeError', () => new TypeError('of the handler')],
    ['a RangeError', () => new RangeError('of the handler')],
    ['something that is no error', () => 'text'],
  ])('gives the same batch again after %s, without losing its place or order', async (_what, failure) => {
    const connection = testConnection();
    await createTopic(connection, 'told', 1);
    await produce(connection, 'told', KEYS);
    const calls: string[][] = [];
    const onBatch = async (records: readonly RawRecord[]): Promise<void> => {
      calls.push(keysOf(records));
      if (calls.length <= 2) throw failure();
    };

    const { heard, fatal } = kept(await collect(connection, 'told', { onBatch }));
    await until(() => heard.length >= KEYS.length, { describe: 'all records' });

    expect(keysOf(heard)).toEqual(KEYS);
    expect(calls[1]).toEqual(calls[0]);
    expect(fatal).toEqual([]);
  });

  test('calls the fatal listener when records wait and nothing is committed', async () => {
    const connection = testConnection();
    await createTopic(connection, 'told', 1);
    await produce(connection, 'told', ['stuck']);
    const release = Promise.withResolvers<void>();

    const stuck = kept(
      await collect(connection, 'told', {
        onBatch: () => release.promise,
        limits: { noPollMs: 60_000, noCommitMs: 200 },
      }),
    );
    await until(() => stuck.fatal.length > 0, { describe: 'the supervisor to notice' });

    expect(stuck.fatal.map(({ message }) => message)).toEqual([
      'A subscription has records waiting and commits nothing.',
    ]);
    release.resolve();
  });

  test('is patient while what its subscriber needs is away, and goes on when it is back', async () => {
    const connection = testConnection();
    await createTopic(connection, 'told', 1);
    await produce(connection, 'told', KEYS);
    const away = new Error('a lock was not given in time');
    let tries = 0;
    const onBatch = async (): Promise<void> => {
      tries += 1;
      if (tries <= 4) throw away;
    };

    const { progress, fatal } = kept(
      await collect(connection, 'told', {
        onBatch,
        isAway: (error) => error === away,
        // Shorter than the tries take together, longer than the wait between two.
        limits: { noPollMs: 60_000, noCommitMs: 2_500 },
      }),
    );
    await until(() => progress().latestCommitAt, { describe: 'the commit' });

    expect(tries).toBe(5);
    expect(fatal).toEqual([]);
  });

  test('starts while no broker answers, stays patient, and stops', async () => {
    const connection = testConnection(memoryLog(), ['127.0.0.1:1']);
    const absent = kept(await collect(connection, 'told', { limits: { noPollMs: 100, noCommitMs: 100 } }));

    await until(() => connection.reach.failedAt > 0, { describe: 'an attempt to connect' });

    expect(absent.progress()).toMatchObject({ assigned: null, latestPollAt: null });
    expect(absent.fatal).toEqual([]);
  });

  test('shares the partitions among members, each partition with one', async () => {
    const connection = testConnection();
    await createTopic(connection, 'told', 4);
    const one = kept(await collect(connection, 'told'));
    await until(() => one.progress().assigned, { describe: 'the first to join' });
    const two = kept(await collect(connection, 'told'));

    const partitionsOf = (member: RawSubscription): number[] => Object.values(member.progress().assigned ?? {}).flat();
    await until(() => partitionsOf(one).length === 2 && partitionsOf(two).length === 2, {
      describe: 'two partitions each',
    });

    expect([...partitionsOf(one), ...partitionsOf(two)].sort()).toEqual([0, 1, 2, 3]);
  });
});

describe('openProducer', () => {
  test('keeps the order of a key over sends that were started at once', async () => {
    const connection = testConnection();
    await createTopic(connection, 'told', 3);
    const producer = await openProducer(connection);
    const numbers = Array.from({ length: 200 }, (_, index) => String(index));

    await Promise.all(
      numbers.map((number) => producer.send([{ topic: 'told', key: 'same', value: Buffer.from(number), headers: {} }])),
    );
    await producer.close();
    const { heard } = kept(await collect(connection, 'told'));
    await until(() => heard.length >= numbers.length, { describe: 'all records' });

    expect(heard.map(({ value }) => String(value))).toEqual(numbers);
  });

  test('refuses a topic that does not exist instead of creating it', async () => {
    const producer = await openProducer(testConnection());

    const sent = producer.send([{ topic: 'nobody-made-it', key: 'k', value: null, headers: {} }]);
    await expect(sent.catch(isUnknownTopic)).resolves.toBe(true);
    await producer.close();
  });

  test('writes a tombstone as null', async () => {
    const connection = testConnection();
    await createTopic(connection, 'told');
    const producer = await openProducer(connection);
    await producer.send([{ topic: 'told', key: 'gone', value: null, headers: {} }]);
    await producer.close();

    const { heard } = kept(await collect(connection, 'told'));
    await until(() => heard.length > 0, { describe: 'the tombstone' });

    expect(heard[0]).toMatchObject({ key: 'gone', value: null, headers: {} });
  });
});
