/** Smallest and largest slice, and the part of a second that it should take. */
const SLICE = { least: 50, most: 1_000, seconds: 0.1 };

/** Messages that may be written ahead without a committed outcome, for a contracted rate in parts per second: two slices (PROTOCOL.md, step 6). */
export function mostAhead(partsPerSecond: number): number {
  return 2 * Math.min(SLICE.most, Math.max(SLICE.least, Math.round(partsPerSecond * SLICE.seconds)));
}
