/** A closed range of blind indexes. */
export type KeyRange = {
  readonly from: bigint;
  readonly to: bigint;
};

const LEAST = -(2n ** 63n);
const KEYS = 2n ** 64n;

/** How many contacts one chunk holds at most, about (PROTOCOL.md, step 2): small enough to lease, to hold and to send in one go. */
export const CONTACTS_PER_CHUNK = 5_000;

/**
 * Cuts the whole space of signed 64-bit blind indexes into ranges of about CONTACTS_PER_CHUNK contacts.
 * Blind indexes are evenly spread, so equal ranges hold equal shares. Never empty, never a gap, never an overlap.
 */
export function chunkRanges(contacts: number): KeyRange[] {
  const count = BigInt(Math.max(1, Math.ceil(contacts / CONTACTS_PER_CHUNK)));
  const edge = (n: bigint) => LEAST + (KEYS * n) / count;
  return Array.from({ length: Number(count) }, (_, n) => ({ from: edge(BigInt(n)), to: edge(BigInt(n) + 1n) - 1n }));
}
