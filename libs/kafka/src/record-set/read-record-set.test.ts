import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import {
  CONTROL,
  encodeBatch,
  encodeRecords,
  type GivenBatch,
  type GivenRecord,
  LOG_APPEND_TIME,
  TRANSACTIONAL,
} from '../../test/encode-batch.ts';
import type { AbortedTransaction } from './aborted-transactions.ts';
import { type FetchedPortion, readRecordSet } from './read-record-set.ts';
import type { UnreadableReason } from './unreadable-batch.ts';

const MEBIBYTE = 1024 * 1024;
const place = { topic: 't', partition: 4 };

type Asked = { readonly from?: bigint; readonly highWatermark?: bigint; readonly aborted?: AbortedTransaction[] };
async function readPortions(octets: Buffer, asked: Asked = {}): Promise<FetchedPortion[]> {
  const portions: FetchedPortion[] = [];
  const { from = 0n, highWatermark = 1_000_000n, aborted = [] } = asked;
  for await (const portion of readRecordSet({ ...place, from, highWatermark, aborted, octets })) portions.push(portion);
  return portions;
}
/** All that is read of a set. */
async function readOctets(octets: Buffer, asked: Asked = {}): Promise<FetchedPortion> {
  const portions = await readPortions(octets, asked);
  const { next, unreadable } = portions.at(-1) as FetchedPortion;
  return { records: portions.flatMap(({ records }) => records), next, unreadable };
}
const read = (batches: readonly GivenBatch[], asked: Asked = {}): Promise<FetchedPortion> =>
  readOctets(Buffer.concat(batches.map(encodeBatch)), asked);
const keysOf = ({ records }: FetchedPortion) => records.map(({ offset, key }) => `${offset} ${key}`);
const keyed = (...keys: string[]): GivenRecord[] => keys.map((key) => ({ key, value: `value of ${key}` }));

const good = { baseOffset: 0n, records: keyed('a', 'b') };
const behind = { baseOffset: 5n, records: keyed('c') };
describe('a record set', () => {
  test('is read batch by batch, each with its own offsets and times', async () => {
    const stamped = {
      ...behind,
      flags: LOG_APPEND_TIME,
      maxTimestamp: 9_000n,
      records: [{ key: 'c', timestampDelta: 3 }],
    };
    const dated = {
      ...good,
      records: [
        { key: 'a', timestampDelta: 5 },
        { key: 'b', timestampDelta: -5 },
      ],
    };
    const portion = await read([dated, stamped]);

    expect(keysOf(portion)).toEqual(['0 a', '1 b', '5 c']);
    expect(portion.records.map(({ timestamp }) => timestamp.getTime())).toEqual([1_005, 995, 9_000]);
    expect(portion).toMatchObject({ next: 6n, unreadable: null });
  });

  test('may begin before the offset that was asked for, and have gaps where it was compacted', async () => {
    const compacted = {
      baseOffset: 0n,
      lastOffsetDelta: 9,
      count: 3,
      records: [2, 4, 7].map((offsetDelta) => ({ key: 'k', offsetDelta })),
    };

    expect(await read([compacted], { from: 4n })).toMatchObject({
      records: [{ offset: 4n }, { offset: 7n }],
      next: 10n,
      unreadable: null,
    });
  });

  test('may hold a batch of which compaction left nothing', async () => {
    expect(await read([{ baseOffset: 0n, lastOffsetDelta: 4, records: [] }])).toEqual({
      records: [],
      next: 5n,
      unreadable: null,
    });
  });

  test('may be cut within its last batch', async () => {
    const whole = Buffer.concat([encodeBatch(good), encodeBatch(behind)]);

    for (const cut of [1, 40, encodeBatch(behind).length - 1])
      expect(keysOf(await readOctets(whole.subarray(0, whole.length - cut)))).toEqual(['0 a', '1 b']);
  });

  test('may hold null keys and values', async () => {
    expect(await read([{ records: [{}, { key: '', value: '' }] }])).toMatchObject({
      records: [
        { key: null, value: null },
        { key: '', value: Buffer.alloc(0) },
      ],
    });
  });

  test('of transactions gives what was committed, in its order', async () => {
    const of = (producerId: bigint, baseOffset: bigint, key: string): GivenBatch => ({
      ...{ producerId, baseOffset, flags: TRANSACTIONAL, records: keyed(key) },
    });
    const end = (producerId: bigint, baseOffset: bigint, type: 0 | 1): GivenBatch => ({
      ...{ producerId, baseOffset, flags: TRANSACTIONAL | CONTROL },
      records: [{ key: Buffer.from([0, 0, 0, type]), value: Buffer.alloc(6) }],
    });
    const portion = await read(
      [
        of(1n, 0n, 'aborted'),
        of(2n, 1n, 'kept'),
        end(1n, 2n, 0),
        of(1n, 3n, 'kept later'),
        end(2n, 4n, 1),
        end(1n, 5n, 1),
      ],
      { aborted: [{ producerId: '1', firstOffset: '0' }] },
    );

    expect(keysOf(portion)).toEqual(['1 kept', '3 kept later']);
    expect(portion.next).toBe(6n);
  });

  test('of half a million tiny records is given in portions, each once, from whatever record on', async () => {
    const octets = encodeRecords(Array.from({ length: 500_000 }, () => ({})));
    const set = encodeBatch({ codec: 1, count: 500_000, octets: gzipSync(octets) });
    const portions = await readPortions(set, { highWatermark: 500_000n });
    const later = await readPortions(set, { from: 498_500n, highWatermark: 500_000n });

    expect(new Set(portions.map(({ records }) => records.length))).toEqual(new Set([1_000]));
    expect(portions.map(({ next }) => next)).toEqual(portions.map((_portion, at) => 1_000n * BigInt(at + 1)));
    expect(portions).toHaveLength(500);
    expect(later.map(({ records, next }) => [records.length, next])).toEqual([
      [1_000, 499_500n],
      [500, 500_000n],
    ]);
  });

  test('of batches that unpack to much is given in portions', async () => {
    const octets = gzipSync(encodeRecords([{ key: 'k', value: Buffer.alloc(5 * MEBIBYTE) }]));
    const large = (baseOffset: bigint): GivenBatch => ({ baseOffset, codec: 1, count: 1, octets });

    const portions = await readPortions(Buffer.concat([large(0n), large(1n), large(2n)].map(encodeBatch)));

    expect(portions.map(({ records, next }) => [records.length, next])).toEqual([
      [1, 1n],
      [1, 2n],
      [1, 3n],
    ]);
  });
});

/** What stands in place of the batch of offsets 2 and 3, and why it cannot be read. */
const bad = { baseOffset: 2n, records: keyed('x', 'y') };
const LARGE = Buffer.alloc(300 * MEBIBYTE);
const UNREADABLE: [what: string, batch: Buffer, reason: UnreadableReason][] = [
  ['of codec 5', encodeBatch({ ...bad, codec: 5 }), 'unknown-codec'],
  ['of codec 6', encodeBatch({ ...bad, codec: 6 }), 'unknown-codec'],
  ['of codec 7', encodeBatch({ ...bad, codec: 7 }), 'unknown-codec'],
  ['with a wrong checksum', encodeBatch({ ...bad, wrongChecksum: 1 }), 'bad-checksum'],
  ['of format 0', encodeBatch({ ...bad, magic: 0 }), 'unknown-format'],
  ['of format 1', encodeBatch({ ...bad, magic: 1 }), 'unknown-format'],
  ['of format 3', encodeBatch({ ...bad, magic: 3 }), 'unknown-format'],
  ['that is no gzip', encodeBatch({ ...bad, codec: 1 }), 'cannot-unpack'],
  ['that is no Snappy', encodeBatch({ ...bad, codec: 2 }), 'cannot-unpack'],
  ['that is no LZ4', encodeBatch({ ...bad, codec: 3 }), 'cannot-unpack'],
  ['that is no zstd', encodeBatch({ ...bad, codec: 4 }), 'cannot-unpack'],
  ['of gzip that unpacks to 300 MiB', encodeBatch({ ...bad, codec: 1, octets: gzipSync(LARGE) }), 'unpacks-too-large'],
  [
    'of zstd that unpacks to 300 MiB',
    encodeBatch({ ...bad, codec: 4, octets: zstdCompressSync(LARGE) }),
    'unpacks-too-large',
  ],
  ['of 17 MiB as they are', encodeBatch({ ...bad, octets: LARGE.subarray(0, 17 * MEBIBYTE) }), 'unpacks-too-large'],
  ['that has fewer records than it says', encodeBatch({ ...bad, count: 3, lastOffsetDelta: 1 }), 'malformed'],
  ['that has more records than it says', encodeBatch({ ...bad, count: 1, lastOffsetDelta: 1 }), 'malformed'],
  ['that says a negative number of records', encodeBatch({ ...bad, count: -1, lastOffsetDelta: 1 }), 'malformed'],
  [
    'that says two thousand million records',
    encodeBatch({ ...bad, count: 2 ** 31 - 1, lastOffsetDelta: 1 }),
    'malformed',
  ],
  ['whose last offset lies before its first', encodeBatch({ ...bad, lastOffsetDelta: -7 }), 'malformed'],
  ['whose last offset lies beyond the partition', encodeBatch({ ...bad, lastOffsetDelta: 2 ** 31 - 1 }), 'malformed'],
  ['too short for its fields', shortened(encodeBatch(bad), 26), 'wrong-length'],
];

/** Cuts a batch, and says so where its length stands. */
function shortened(batch: Buffer, octets: number): Buffer {
  batch.writeInt32BE(octets - 12, 8);
  return batch.subarray(0, octets);
}

describe('a batch that cannot be read', () => {
  test.each(UNREADABLE)('%s is named with its place; what stands before it is given', async (_what, octets, reason) => {
    const next = encodeBatch({ ...behind, baseOffset: 4n });
    const portion = await readOctets(Buffer.concat([encodeBatch(good), octets, next]));

    expect(keysOf(portion)).toEqual(['0 a', '1 b']);
    expect(portion.next).toBe(2n);
    expect(portion.unreadable).toMatchObject({ ...place, first: 2n, last: 3n, reason });
    expect(portion.unreadable?.detail).toMatch(/^(codec \w+, )?\d+ octets$/);
  });

  test.each(UNREADABLE)('%s is passed where nothing stands behind it, as far as is sure', async (_what, octets) => {
    const { unreadable } = await readOctets(octets, { from: 2n });

    expect(unreadable?.first).toBe(2n);
    expect([null, 3n]).toContain(unreadable?.last);
  });

  test('tells its codec and how large it is', async () => {
    expect((await read([{ ...bad, codec: 6 }])).unreadable?.detail).toBe('codec 6, 97 octets');
    expect((await read([{ ...bad, codec: 4 }])).unreadable?.detail).toBe('codec zstd, 97 octets');
  });

  test('in the middle is named from there on', async () => {
    const records = [...keyed('a', 'b'), { key: 'c', offsetDelta: 1 }, ...keyed('d')];
    const portion = await read([{ records }]);

    expect(keysOf(portion)).toEqual(['0 a', '1 b']);
    expect(portion.unreadable).toMatchObject({ first: 2n, last: 3n, reason: 'malformed' });
  });

  test.each([
    ['longer than all that came', (set: Buffer) => set.writeInt32BE(2 ** 31 - 1, 8)],
    ['shorter than any', (set: Buffer) => set.writeInt32BE(0, 8)],
    ['negative', (set: Buffer) => set.writeInt32BE(-1, 8)],
  ])('whose length is %s is left to the broker to bound', async (_what, spoil) => {
    const set = Buffer.concat([encodeBatch(good), encodeBatch(behind)]);
    spoil(set);

    expect(await readOctets(set)).toMatchObject({
      records: [],
      next: 0n,
      unreadable: { first: 0n, last: null, reason: 'wrong-length' },
    });
  });

  test('of a few octets, or of nothing that is new, never comes for ever', async () => {
    expect((await readOctets(Buffer.from([1, 2, 3]))).unreadable).toMatchObject({ reason: 'wrong-length', last: null });
    expect((await read([good], { from: 7n })).unreadable).toMatchObject({
      ...{ reason: 'malformed', first: 7n, last: null },
    });
  });

  test.each([-5n, 0n, 1n])(
    'whose base offset became %d, so that two batches lie over each other, is never passed over',
    async (base) => {
      const portion = await read([good, { ...behind, baseOffset: base }, { baseOffset: 6n, records: keyed('d') }]);

      expect(portion).toMatchObject({
        records: [],
        next: 0n,
        unreadable: { first: 0n, reason: 'malformed' },
      });
    },
  );

  test('whose base offset was raised onto the batch behind it is named, and not that one', async () => {
    const raised = { baseOffset: 3n, records: keyed('c', 'd') };
    const portion = await read([good, raised, { baseOffset: 4n, records: keyed('e') }]);

    expect(keysOf(portion)).toEqual(['0 a', '1 b']);
    expect(portion).toMatchObject({ next: 2n, unreadable: { first: 2n, reason: 'malformed' } });
  });

  test('that ends before the offset that was asked for is named', async () => {
    expect(await read([good, behind], { from: 5n })).toMatchObject({
      records: [],
      unreadable: { first: 5n, reason: 'malformed' },
    });
  });

  test('is not believed about its reach, nor is what only looks like a batch behind it', async () => {
    const lying = encodeBatch({ ...bad, lastOffsetDelta: 2, wrongChecksum: 1 });
    const alike = encodeBatch({ ...behind, baseOffset: 3n, wrongChecksum: 1 });

    expect((await readOctets(lying, { from: 2n })).unreadable).toMatchObject({ first: 2n, last: null });
    expect((await readOctets(Buffer.concat([lying, alike]), { from: 2n })).unreadable).toMatchObject({ last: null });
  });

  test('is the only one that is lost, whatever octet of it is changed', async () => {
    const first = encodeBatch(good);
    const second = encodeBatch({ ...behind, baseOffset: 2n });
    for (let at = 0; at < first.length; at += 1) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const set = Buffer.concat([first, second]);
        set.writeUInt8((set[at] ?? 0) ^ flip, at);
        const { records, next, unreadable } = await readOctets(set, { highWatermark: 3n });
        const passed = unreadable === null ? next : (unreadable.last ?? 0n) + 1n;

        expect(passed > 0n && passed <= 3n).toBe(true);
        // Offset, length, leader epoch: what the checksum does not cover. There is no telling that they were changed.
        if (at >= 16) expect({ at, records: records.length, passed }).toEqual({ at, records: 0, passed: 2n });
      }
    }
  });
});
