import type { RecordBatch } from './record-batch.ts';
import { frameAt, readBatch } from './record-batch.ts';

/** The offset from which something cannot be read, and the end of its partition. */
type Bounds = { readonly first: bigint; readonly end: bigint };

/**
 * Tells how far the batch at `at` of a record set reaches that cannot be read: up to the one behind it, or as far as it says. Each is believed
 * only with a checksum that is right; null where neither is, or where it cannot be.
 */
export function sureLastOffset(set: Buffer, at: number, { first, end }: Bounds): bigint | null {
  const isPossible = (last: bigint): boolean => last >= first && last < end;
  const behind = behindOf(set, at);
  if (behind !== null && isPossible(behind.baseOffset - 1n)) return behind.baseOffset - 1n;
  const itself = batchAt(set, at);
  return itself !== null && isPossible(itself.lastOffset) ? itself.lastOffset : null;
}

function behindOf(set: Buffer, at: number): RecordBatch | null {
  const frame = orNull(() => frameAt(set, at));
  return frame === null ? null : batchAt(set, frame.end);
}

function batchAt(set: Buffer, at: number): RecordBatch | null {
  return orNull(() => {
    const frame = frameAt(set, at);
    return frame === null ? null : readBatch(set, frame);
  });
}

function orNull<T>(read: () => T | null): T | null {
  try {
    return read();
  } catch {
    return null; // why not is told of the batch itself
  }
}
