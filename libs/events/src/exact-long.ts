import type { Tap } from 'avro-js';

/**
 * avro-js computes the zigzag form of a long in doubles: below -2^52 the form is odd and above 2^53, so it is rounded
 * and another number comes out (-2^52 - 1 is read as 2^52). These few take the exact way.
 */
const EXACT_BELOW = 2 ** 52;
const LONGEST_OCTETS = 10;
const GROUP_BITS = 7n;
const GROUP_MASK = 0x7fn;
const MORE_FOLLOWS = 0x80;

const zigzagAt = (octets: Buffer): bigint =>
  octets.reduceRight((sum, octet) => (sum << GROUP_BITS) | (BigInt(octet) & GROUP_MASK), 0n);

function exactLong(octets: Buffer): number {
  if (octets.length > LONGEST_OCTETS) throw new Error('a long exceeds 64 bits');
  const zigzag = zigzagAt(octets);
  const value = Number((zigzag >> 1n) ^ -(zigzag & 1n));
  if (!Number.isSafeInteger(value)) throw new Error('a long exceeds 2^53');
  return value;
}

/** Reads a long exactly; throws `Error` beyond 2^53, where a double would lose it. */
export function readLong(tap: Tap): number {
  const start = tap.pos;
  const value = tap.readLong();
  return Math.abs(value) < EXACT_BELOW ? value : exactLong(tap.buf.subarray(start, tap.pos));
}

function writeGroups(tap: Tap, zigzag: bigint): void {
  for (let rest = zigzag; ; rest >>= GROUP_BITS) {
    const more = rest > GROUP_MASK;
    tap.buf[tap.pos] = Number(rest & GROUP_MASK) | (more ? MORE_FOLLOWS : 0);
    tap.pos += 1;
    if (!more) return;
  }
}

/** Writes a long exactly; throws `Error` for what is no whole number below 2^53. */
export function writeLong(tap: Tap, value: unknown): void {
  if (!Number.isSafeInteger(value)) throw new Error('a long is a whole number below 2^53');
  const long = value as number;
  if (long > -EXACT_BELOW) tap.writeLong(long);
  else writeGroups(tap, (BigInt(long) << 1n) ^ -1n);
}
