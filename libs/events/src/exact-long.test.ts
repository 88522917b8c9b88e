import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boundedAvro } from './bounded-avro.ts';

const long = boundedAvro.parse({ type: 'long' });

/** The definition, in integers of any size: zigzag, then seven bits an octet, lowest first. */
function octetsOf(value: bigint): Buffer {
  const octets: number[] = [];
  let rest = (value << 1n) ^ (value >> 63n);
  for (; rest > 0x7fn; rest >>= 7n) octets.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...octets, Number(rest)]);
}

const edge = 2 ** 52;
const edges = [0, -1, 1, 63, 64, -64, -65, edge - 1, edge, edge + 1, -edge + 1, -edge, -edge - 1, -edge - 2];
const safe = [...edges, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

describe('a long', () => {
  test.each(safe)('is written and read exactly: %i', (value) => {
    expect(long.toBuffer(value)).toEqual(octetsOf(BigInt(value)));
    expect(long.fromBuffer(octetsOf(BigInt(value)))).toBe(value);
  });

  test('is exact over the whole range of safe integers', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(long.toBuffer(value).equals(octetsOf(BigInt(value)))).toBe(true);
        expect(long.fromBuffer(octetsOf(BigInt(value)))).toBe(value);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is refused beyond that range, never rounded', () => {
    const beyond = fc
      .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
      .filter((value) => !Number.isSafeInteger(Number(value)));
    fc.assert(
      fc.property(beyond, (value) => {
        expect(() => long.fromBuffer(octetsOf(value))).toThrow('a long exceeds 2^53');
      }),
    );
    expect(() => long.fromBuffer(Buffer.alloc(11, 0xff))).toThrow('a long exceeds 64 bits');
  });

  test.each([1.5, Number.NaN, 2 ** 53, '1', null])('is no %p', (value) => {
    expect(() => long.toBuffer(value)).toThrow('a long is a whole number below 2^53');
  });
});
