import { type BrokerGate, openBrokerGate, sealBatch, testKafkaBrokers, until } from '@bijli/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import type { KafkaConnection, Portion, RawSubscription, UnreadableReason } from '../src/index.ts';
import { openKafka } from '../src/index.ts';
import { collect, createTopic, keysOf, memoryLog, produce, testConnection } from './fixtures.ts';

const MEBIBYTE = 1024 * 1024;
const BAD = 'bad';

let gate: BrokerGate;
/** To the broker itself, and through the gate. */
let direct: KafkaConnection;
let gated: KafkaConnection;
const open: RawSubscription[] = [];
const kept = <T extends RawSubscription>(subscription: T): T => (open.push(subscription), subscription);

beforeEach(async () => {
  gate = await openBrokerGate(testKafkaBrokers()[0] ?? '');
  direct = testConnection();
  gated = openKafka({ clientId: 'gated', brokers: gate.brokers, log: memoryLog(), prefix: direct.prefix });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((subscription) => subscription.stop()));
  await gate.shut();
});

/** Spoils the batch that holds the bad record, each time that it is fetched. */
function spoilBad(spoil: (batch: Buffer) => void): void {
  gate.change = ({ batches }) => {
    for (const batch of batches) if (batch.includes(`value of ${BAD}`)) spoil(batch);
  };
}
const withChecksum =
  (spoil: (batch: Buffer) => void) =>
  (batch: Buffer): void => {
    spoil(batch);
    sealBatch(batch);
  };
const codec = (number: number) => withChecksum((batch) => void batch.writeInt16BE(number, 21));

const SPOILT: [what: string, spoil: (batch: Buffer) => void, reason: UnreadableReason][] = [
  ['of a codec that nobody knows', codec(5), 'unknown-codec'],
  ['of another codec that nobody knows', codec(7), 'unknown-codec'],
  ['that is not packed as it says', codec(4), 'cannot-unpack'],
  ['with a wrong checksum', (batch) => void batch.writeUInt8(batch.readUInt8(70) ^ 1, 70), 'bad-checksum'],
  ['of an old format among new ones', (batch) => void batch.writeInt8(1, 16), 'unknown-format'],
  ['of a format to come among others', (batch) => void batch.writeInt8(3, 16), 'unknown-format'],
  ['of another number of records than it says', withChecksum((batch) => void batch.writeInt32BE(7, 57)), 'malformed'],
  ['whose last offset is far away', withChecksum((batch) => void batch.writeInt32BE(2 ** 31 - 1, 23)), 'malformed'],
  ['that is longer than all', (batch) => void batch.writeInt32BE(MEBIBYTE, 8), 'wrong-length'],
];

describe('a batch that cannot be read', () => {
  test.each(SPOILT)('%s is named and passed; all around it is heard, once', async (_what, spoil, reason) => {
    await createTopic(direct, 'told', 2);
    for (const key of ['a', BAD, 'b', 'c', 'd', 'e']) await produce(direct, 'told', [key]);
    spoilBad(spoil);

    const { heard, unreadable, fatal, progress } = kept(await collect(gated, 'told'));
    await until(() => heard.length >= 5 && unreadable.length > 0, { describe: 'all but the bad one' });

    expect(keysOf(heard).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(unreadable).toEqual([expect.objectContaining({ topic: 'told', reason })]);
    expect(unreadable[0]?.last).toBe(unreadable[0]?.first);
    expect(unreadable[0]?.detail).toMatch(/octets$/);
    expect(fatal).toEqual([]);
    expect(progress().troubles).toEqual([]);
  });

  test('is fetched once more first, and heard when it was damaged on its way', async () => {
    await createTopic(direct, 'told', 1);
    for (const key of ['a', BAD, 'b']) await produce(direct, 'told', [key]);
    let times = 0;
    spoilBad((batch) => {
      times += 1;
      if (times === 1) batch.writeUInt8(0xff, batch.length - 1);
    });

    const { heard, unreadable } = kept(await collect(gated, 'told'));
    await until(() => heard.length >= 3, { describe: 'all records' });

    expect(keysOf(heard)).toEqual(['a', BAD, 'b']);
    expect(unreadable).toEqual([]);
  });

  test('is not met again by the next member, and comes again while it could not be noted', async () => {
    await createTopic(direct, 'told', 1);
    for (const key of ['a', BAD, 'b']) await produce(direct, 'told', [key]);
    spoilBad(codec(6));
    let refusals = 0;
    const onUnreadable = async (): Promise<void> => {
      refusals += 1;
      if (refusals < 3) throw new TypeError('the database is away');
    };

    const before = kept(await collect(gated, 'told', { onUnreadable }));
    await until(() => before.heard.length >= 2, { describe: 'what is behind it' });
    await before.stop();
    const after = kept(await collect(gated, 'told'));
    await produce(direct, 'told', ['c']);
    await until(() => after.heard.length > 0, { describe: 'what came later' });

    expect(refusals).toBe(3);
    expect(before.unreadable).toHaveLength(1);
    expect(keysOf(after.heard)).toEqual(['c']);
    expect(after.unreadable).toEqual([]);
  });

  test('can be read again, whole where it is readable by now, up to its last offset', async () => {
    await createTopic(direct, 'told', 1);
    await produce(direct, 'told', ['a', 'b']);
    await produce(direct, 'told', [BAD, 'c']);
    await produce(direct, 'told', ['d']);
    spoilBad(codec(6));
    const { heard, unreadable, read } = kept(await collect(gated, 'told'));
    await until(() => heard.length >= 3, { describe: 'the others' });
    const [{ first, last } = { first: 0n, last: 0n }] = unreadable;
    const readAll = async (range: { first: bigint; last?: bigint }) => {
      const portions: string[][] = [];
      for await (const { records, unreadable: bad } of read({ topic: 'told', partition: 0, ...range }))
        portions.push([...keysOf(records), bad?.reason ?? 'read']);
      return portions;
    };

    expect(await readAll({ first, last })).toEqual([['unknown-codec']]);
    gate.change = () => undefined;
    expect(await readAll({ first, last })).toEqual([[BAD, 'c', 'read']]);
    expect(await readAll({ first: last, last })).toEqual([['c', 'read']]);
    expect((await readAll({ first: last })).flat()).toEqual(['c', 'd', 'read']);
    expect(await readAll({ first: 5n, last: 9n })).toEqual([]);
    expect(await readAll({ first: 50n, last: 90n })).toEqual([]);
  });

  test('that the broker gives and that unpacks to more than 16 MiB is passed like any other', async () => {
    await createTopic(direct, 'told', 2);
    const producer = direct.client.producer();
    await producer.connect();
    await producer.send({
      topic: `${direct.prefix}told`,
      compression: kafkajs.CompressionTypes.GZIP,
      messages: [{ key: BAD, value: Buffer.alloc(40 * MEBIBYTE), partition: 0 }],
    });
    await producer.disconnect();
    await produce(direct, 'told', ['a', 'b', 'c', 'd']);

    const { heard, unreadable } = kept(await collect(gated, 'told'));
    await until(() => heard.length >= 4 && unreadable.length > 0, { describe: 'the others' });

    expect(unreadable).toMatchObject([{ partition: 0, first: 0n, last: 0n, reason: 'unpacks-too-large' }]);
  });
});

/** What hides where a batch ends. It is so large that a fetch brings it alone. */
const ENDLESS: [what: string, spoil: (batch: Buffer) => void, reason: UnreadableReason][] = [
  [
    'of a format to come, that claims to go on for ever',
    (batch) => void (batch.writeInt8(3, 16), batch.writeInt32BE(2 ** 31 - 1, 23)),
    'unknown-format',
  ],
  ['that goes on for ever', withChecksum((batch) => void batch.writeInt32BE(2 ** 31 - 1, 23)), 'malformed'],
  ['with a wrong checksum that claims all', (batch) => void batch.writeInt32BE(700, 23), 'bad-checksum'],
  ['that ends before it begins', (batch) => void batch.writeInt32BE(5, 8), 'wrong-length'],
  [
    'that claims another place',
    (batch) => void (batch.writeBigInt64BE(650n, 0), batch.writeInt8(3, 16)),
    'unknown-format',
  ],
];

describe('a batch of 700 records whose end cannot be seen', () => {
  const MANY = Array.from({ length: 700 }, (_, at) => `${BAD} ${at} ${'x'.repeat(400)}`);

  test.each(ENDLESS)('%s is passed as one, in few fetches, and read again as one', async (_what, spoil, reason) => {
    await createTopic(direct, 'told', 1);
    await produce(direct, 'told', MANY);
    await produce(direct, 'told', ['behind']);
    let fetches = 0;
    spoilBad((batch) => {
      fetches += 1;
      spoil(batch);
    });

    const { heard, unreadable, read } = kept(await collect(gated, 'told', { partitionsAtOnce: 12 }));
    await until(() => heard.length > 0, { describe: 'what is behind it' });

    expect(keysOf(heard)).toEqual(['behind']);
    expect(unreadable).toMatchObject([{ first: 0n, last: 699n, reason }]);
    expect(fetches).toBeLessThanOrEqual(25);
    const again: Portion[] = [];
    for await (const portion of read({ topic: 'told', partition: 0, first: 0n, last: 699n })) again.push(portion);
    expect(again).toMatchObject([{ records: [], unreadable: { first: 0n, last: 699n, reason } }]);
    gate.change = () => undefined;
    let readable = 0;
    for await (const { records } of read({ topic: 'told', partition: 0, first: 0n, last: 699n }))
      readable += records.length;
    expect(readable).toBe(700);
  });

  test('that claims to end behind its first record is heard as far, and passed as one from there', async () => {
    await createTopic(direct, 'told', 1);
    await produce(direct, 'told', MANY);
    await produce(direct, 'told', ['behind']);
    spoilBad(withChecksum((batch) => void batch.writeInt32BE(0, 23)));

    const { heard, unreadable } = kept(await collect(gated, 'told', { partitionsAtOnce: 12 }));
    await until(() => heard.length > 1, { describe: 'what is behind it' });

    expect(keysOf(heard)).toEqual([MANY[0], 'behind']);
    expect(unreadable).toMatchObject([{ first: 1n, last: 699n }]);
  });

  test('is passed up to the end of the partition where nothing is behind it yet; what comes later is heard', async () => {
    await createTopic(direct, 'told', 1);
    await produce(direct, 'told', MANY);
    spoilBad((batch) => void batch.writeInt32BE(5, 8));

    const { heard, unreadable } = kept(await collect(gated, 'told', { partitionsAtOnce: 12 }));
    await until(() => unreadable.length > 0, { describe: 'it to be noted' });
    await produce(direct, 'told', ['later']);
    await until(() => heard.length > 0, { describe: 'what came later' });

    expect(unreadable).toMatchObject([{ first: 0n, last: 699n, reason: 'wrong-length' }]);
    expect(keysOf(heard)).toEqual(['later']);
  });
});

describe('a batch that is much', () => {
  test('of half a million tiny records is heard whole, and other partitions between', async () => {
    await createTopic(direct, 'told', 2);
    const producer = direct.client.producer();
    await producer.connect();
    const messages = Array.from({ length: 500_000 }, () => ({ value: null, partition: 0 }));
    await producer.send({ topic: `${direct.prefix}told`, compression: kafkajs.CompressionTypes.GZIP, messages });
    await producer.send({ topic: `${direct.prefix}told`, messages: [{ key: 'neighbour', value: 'x', partition: 1 }] });
    await producer.disconnect();
    let records = 0;
    let before = 0;
    const largest = { portion: 0 };

    const { unreadable } = kept(
      await collect(gated, 'told', {
        onBatch: async (batch) => {
          if (batch[0]?.key === 'neighbour') before = records;
          else records += batch.length;
          largest.portion = Math.max(largest.portion, batch.length);
        },
      }),
    );
    const describe = (): string => `half a million, got ${records}`;
    await until(() => records >= 500_000, { deadlineMs: 50_000, describe });

    expect({ records, unreadable }).toEqual({ records: 500_000, unreadable: [] });
    expect(largest.portion).toBe(1_000);
    expect(before).toBeLessThan(500_000);
  });
});

describe('a partition that the broker does not give', () => {
  test('is told of, and the others are heard; it is heard itself when it is back', async () => {
    await createTopic(direct, 'told', 3);
    await produce(direct, 'told', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    const KAFKA_STORAGE_ERROR = 56;
    let isAway = true;
    gate.change = ({ partition, errorCode, batches }) => {
      if (!isAway || partition !== 1) return;
      errorCode.writeInt16BE(KAFKA_STORAGE_ERROR);
      for (const batch of batches) batch.fill(0);
    };
    // Zeroed octets stand for those that a broker with an error leaves out.
    const { heard, progress, fatal } = kept(await collect(gated, 'told'));
    await until(() => progress().troubles.length > 0 && heard.length > 0, { describe: 'the trouble' });

    expect(progress().troubles).toEqual(['the broker does not give told [1]: error 56']);
    expect(heard.every(({ partition }) => partition !== 1)).toBe(true);
    isAway = false;
    await until(() => heard.length >= 8, { describe: 'all records' });
    await until(() => progress().troubles.length === 0, { describe: 'the end of the trouble' });
    expect(fatal).toEqual([]);
  });
});

describe('an answer that cannot be read at all', () => {
  test('is told of and does not end the subscription, which goes on when it is whole again', async () => {
    await createTopic(direct, 'told', 1);
    await produce(direct, 'told', ['a']);
    gate.cut = () => 9;

    const { heard, progress, fatal } = kept(await collect(gated, 'told'));
    await until(() => progress().troubles.length > 0, { describe: 'the trouble', deadlineMs: 40_000 });

    expect(progress().troubles[0]).toMatch(/^Kafka cannot be read: Fetch.* was answered with what cannot be read/);
    gate.cut = () => 0;
    await until(() => heard.length > 0, { describe: 'the record', deadlineMs: 40_000 });
    await until(() => progress().troubles.length === 0, { describe: 'the end of the trouble' });
    expect(fatal).toEqual([]);
  });
});

describe('transactions', () => {
  test('that were given up are not heard, nor waited for', async () => {
    await createTopic(direct, 'told', 1);
    const producer = direct.client.producer({
      transactionalId: `${direct.prefix}t`,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    const say = async (key: string, end: 'commit' | 'abort'): Promise<void> => {
      const transaction = await producer.transaction();
      await transaction.send({
        topic: `${direct.prefix}told`,
        messages: [
          { key, value: 'x' },
          { key, value: 'y' },
        ],
      });
      await transaction[end]();
    };
    await say('kept', 'commit');
    await say('given up', 'abort');

    const { heard, progress } = kept(await collect(gated, 'told'));
    await until(() => heard.length >= 2 && progress().uncommittedSince === null, { describe: 'the first transaction' });
    await say('given up again', 'abort');
    await say('kept too', 'commit');
    await until(() => heard.length >= 4, { describe: 'the other transaction' });
    await producer.disconnect();

    expect(keysOf(heard)).toEqual(['kept', 'kept', 'kept too', 'kept too']);
    expect(progress().uncommittedSince).toBeNull();
  });
});
