import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unpack } from './unpack.ts';
import { UnreadableError } from './unreadable-batch.ts';

const GZIP = 1;
const SNAPPY = 2;
const LZ4 = 3;
const ZSTD = 4;
const MEBIBYTE = 1024 * 1024;

const text = Buffer.from('bijli '.repeat(50));
const hex = (octets: string): Buffer => Buffer.from(octets.replaceAll(' ', ''), 'hex');
const letters = text.subarray(0, 6);

// Written by hand after the descriptions of the formats: 300 octets; six as they are, then four times 64 and once 38 from six before.
const snappy = Buffer.concat([hex('ac02 14'), letters, hex('fe0600 fe0600 fe0600 fe0600 960600')]);
const snappyLiteral = Buffer.concat([hex('ac02 fc 2b010000'), text]);
const snappyShort = Buffer.concat([hex('0c 14'), letters, hex('09 06')]); // six more from six before, the distance in one octet
const int32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer).swap32();
const xerial = (...blocks: Buffer[]): Buffer =>
  Buffer.concat([
    hex('82534e4150505900 00000001 00000001'),
    ...blocks.flatMap((octets) => [int32(octets.length), octets]),
  ]);
const framed = (...blocks: Buffer[]): Buffer => Buffer.concat([hex('04224d18 60 40 82'), ...blocks, hex('00000000')]);
const block = (octets: Buffer, flag = '00'): Buffer =>
  Buffer.concat([Buffer.from([octets.length & 255, octets.length >> 8, 0]), hex(flag), octets]);
// Six as they are; 4 + 15 + 255 + 14 = 288 from six before; six as they are.
const lz4 = block(Buffer.concat([hex('6f'), letters, hex('0600 ff0e 60'), letters]));
// Linked to the block before: six octets from 300 before, then five as they are, for the format ends so.
const lz4Linked = block(Buffer.concat([hex('02 2c01 50'), text.subarray(0, 5)]));

describe('records', () => {
  test.each([
    ['as they are', 0, text],
    ['by gzip', GZIP, gzipSync(text)],
    ['by gzip in two members', GZIP, Buffer.concat([gzipSync(text.subarray(0, 9)), gzipSync(text.subarray(9))])],
    ['by Snappy', SNAPPY, snappy],
    ['by Snappy that repeats nothing', SNAPPY, snappyLiteral],
    ['by LZ4', LZ4, framed(lz4)],
    ['by LZ4 in a block that is not packed', LZ4, framed(block(text, '80'))],
    ['by zstd', ZSTD, zstdCompressSync(text)],
  ])('that come %s are unpacked', async (_what, codec, packed) => {
    expect(String(await unpack(codec, packed))).toBe(String(text));
  });

  test.each([
    [
      'Snappy, as Java’s clients frame it',
      SNAPPY,
      xerial(snappyShort, snappy),
      String(text.subarray(0, 12)) + String(text),
    ],
    ['Snappy, as Java’s clients frame nothing', SNAPPY, xerial(), ''],
    ['LZ4, whose blocks repeat those before', LZ4, framed(lz4, lz4Linked), `${String(text)}bijli bijli`],
    [
      'LZ4 with checksums and its length',
      LZ4,
      Buffer.concat([hex('04224d18 7c 40 2c01000000000000 82'), lz4, hex('01020304 00000000 05060708')]),
      String(text),
    ],
  ])('that come by %s are unpacked', async (_what, codec, packed, unpacked) => {
    expect(String(await unpack(codec, packed))).toBe(unpacked);
  });
});

describe('more than is allowed', () => {
  const large = Buffer.alloc(40 * MEBIBYTE);
  // 64 octets for three, and 255 for one.
  const snappyBomb = (mebibytes: number): Buffer =>
    Buffer.concat([
      hex(`8080${mebibytes === 40 ? '8014' : '40'} 0061`),
      Buffer.alloc(3 * 16_384 * mebibytes, hex('fe0100')),
    ]);
  const lz4Bomb = block(Buffer.concat([hex('1f 61 0100'), Buffer.alloc(65_000, 0xff), hex('00 50 6161616161')]));

  test.each([
    ['as it is', 0, large],
    ['by gzip', GZIP, gzipSync(large)],
    ['by Snappy', SNAPPY, snappyBomb(40)],
    ['by Snappy in many blocks', SNAPPY, xerial(...Array.from({ length: 40 }, () => snappyBomb(1)))],
    ['by LZ4', LZ4, framed(lz4Bomb, lz4Bomb, lz4Bomb)],
    ['by zstd', ZSTD, zstdCompressSync(large)],
  ])('%s is refused', async (_what, codec, packed) => {
    await expect(unpack(codec, packed)).rejects.toMatchObject({ reason: 'unpacks-too-large' });
  });
});

describe('octets of any kind', () => {
  test.each([GZIP, SNAPPY, LZ4, ZSTD])('are unpacked or named by codec %i, and nothing else happens', async (codec) => {
    const packed = { [GZIP]: gzipSync(text), [SNAPPY]: snappy, [LZ4]: framed(lz4), [ZSTD]: zstdCompressSync(text) }[
      codec
    ];
    const spoiled = fc
      .tuple(fc.nat((packed?.length ?? 1) - 1), fc.nat(255), fc.nat(packed?.length ?? 0))
      .map(([at, octet, length]) => {
        const octets = Buffer.from(packed ?? '');
        octets[at] = octet;
        return octets.subarray(0, length);
      });
    const random = fc.uint8Array({ maxLength: 300 }).map((octets) => Buffer.from(octets));
    await fc.assert(
      fc.asyncProperty(fc.oneof(spoiled, random), async (octets) => {
        const unpacked = await unpack(codec, octets, 1_000).catch((error: unknown) => error);
        return Buffer.isBuffer(unpacked) ? unpacked.length <= 1_000 : unpacked instanceof UnreadableError;
      }),
      { numRuns: 2_000 },
    );
  });
});
