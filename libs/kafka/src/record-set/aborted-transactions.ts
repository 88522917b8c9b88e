import { Cursor } from './cursor.ts';
import type { RecordBatch } from './record-batch.ts';

/** A transaction that was given up: what its producer wrote from this offset to the marker of its end does not count. */
export type AbortedTransaction = { readonly producerId: string; readonly firstOffset: string };

/** A control batch holds one record, whose key is its version and its type, each an int16; type 0 ends a transaction that was given up. */
const ABORT = Buffer.from([0, 0, 0, 0]);

/**
 * Tells of batch after batch, in their order, whether it counts: not one that only ends a transaction, nor one of a transaction that was
 * given up. The broker lists those that a fetch touches.
 */
export function openTransactionFilter(aborted: readonly AbortedTransaction[]): (batch: RecordBatch) => boolean {
  const ahead = aborted
    .map(({ producerId, firstOffset }) => ({ producerId: BigInt(producerId), firstOffset: BigInt(firstOffset) }))
    .toSorted((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const open = new Set<bigint>();
  return (batch) => {
    while (ahead[0] !== undefined && ahead[0].firstOffset <= batch.lastOffset)
      open.add(ahead.shift()?.producerId ?? -1n);
    if (!batch.isControl) return !(batch.isTransactional && open.has(batch.producerId));
    if (isAbort(batch)) open.delete(batch.producerId);
    return false;
  };
}

function isAbort({ records, count }: RecordBatch): boolean {
  if (count === 0) return false;
  const cursor = new Cursor(records);
  cursor.length();
  cursor.octet(); // attributes
  cursor.varint(); // when
  cursor.varint(); // offset delta
  return cursor.nullableOctets()?.equals(ABORT) === true;
}
