import { UnreadableError } from './unreadable-batch.ts';

/**
 * Repeats octets that were unpacked before, as Snappy and LZ4 do: `length` octets to `at` from `distance` before it. They may overlap, then
 * what was just written is repeated. Gives where the next octet goes.
 */
export function copyMatch(out: Buffer, at: number, distance: number, length: number): number {
  if (distance === 0 || distance > at || length > out.length - at) throw new UnreadableError('cannot-unpack');
  if (distance >= length) out.copyWithin(at, at - distance, at - distance + length);
  else for (let i = at; i < at + length; i += 1) out[i] = out[i - distance] ?? 0;
  return at + length;
}
