import { receiptState } from './receipt-state.ts';

/** Which parts of a chunk have an end that was counted: a known one, or one in a word of the carrier's own. A bit each. */
export type ChunkEnds = { readonly known: Buffer; readonly other: Buffer };

/** An end that a receipt says: of one place, counting for so many parts. */
export type ReceiptEnd = { readonly place: number; readonly stat: string; readonly parts: number };

/** What the ends add to the counts, and those whose earlier word of the carrier's own must be taken back. */
export type CountedEnds = ChunkEnds & {
  readonly counts: ReadonlyMap<string, number>;
  readonly replaced: readonly ReceiptEnd[];
};

/**
 * Adds receipts to what was counted of a chunk: of each place the first known end counts, and until that comes the first in a word of the
 * carrier's own. Whoever says it, on whichever bind, however often.
 */
export function countEnds(before: ChunkEnds, ends: readonly ReceiptEnd[]): CountedEnds {
  const most = ends.reduce((highest, { place }) => Math.max(highest, place), -1);
  const [known, other] = [grown(before.known, most), grown(before.other, most)];
  const counts = new Map<string, number>();
  const replaced: ReceiptEnd[] = [];
  const firstOther = new Map<number, string>();
  const count = (measure: string, n: number) => counts.set(measure, (counts.get(measure) ?? 0) + n);
  for (const end of ends) {
    const { place, stat, parts } = end;
    const state = receiptState(stat);
    if (state === 'underway' || isSet(known, place)) continue;
    if (state === 'other') {
      if (isSet(other, place)) continue;
      set(other, place);
      firstOther.set(place, stat);
      count(`receipts-other:${stat}`, parts);
      continue;
    }
    set(known, place);
    count(`receipts-${state}`, parts);
    if (!isSet(other, place)) continue;
    const word = firstOther.get(place);
    if (word === undefined) replaced.push(end);
    else count(`receipts-other:${word}`, -parts);
  }
  return { known, other, counts, replaced };
}

function grown(bits: Buffer, place: number): Buffer {
  const octets = Math.max(bits.length, (place >>> 3) + 1);
  const copy = Buffer.alloc(octets);
  bits.copy(copy);
  return copy;
}

/** Bits are numbered as PostgreSQL's get_bit does: the least of each octet first. */
function isSet(bits: Buffer, place: number): boolean {
  return ((bits[place >>> 3] ?? 0) & (1 << (place & 7))) !== 0;
}

function set(bits: Buffer, place: number): void {
  bits[place >>> 3] = (bits[place >>> 3] ?? 0) | (1 << (place & 7));
}
