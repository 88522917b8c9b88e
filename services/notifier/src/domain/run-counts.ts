/** The counts of a run. Contacts: audience = pending + accepted + rejected + inDoubt + superseded + stale + unrenderable + coalesced + all skipped. */
export type RunCounts = {
  readonly audience: number;
  /** Contacts when the run was planned. */
  readonly planned: number;
  /** Mobiles that came into its scope after that. */
  readonly cameLater: number;
  readonly pending: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly inDoubt: number;
  readonly superseded: number;
  readonly stale: number;
  /** Their text could not be made: a value too long, a number that no key opens. */
  readonly unrenderable: number;
  readonly coalesced: number;
  readonly skipped: Record<string, number>;
  /** Message parts and their receipts: accepted = delivered + failed + all other + awaited, of which some are unknown in the end (partsByNow). */
  readonly parts: PartCounts;
};

/** Ends by receipt; `other` counts those in words of the carrier's own, under their word. */
export type PartCounts = {
  readonly accepted: number;
  readonly delivered: number;
  readonly failed: number;
  readonly other: Record<string, number>;
  readonly awaited: number;
};

/**
 * Turns the summed measures of a run into its counts. While chunks are still unexpanded, the contacts
 * of the plan that no measure speaks of yet are pending.
 * @param audienceSize contacts counted when the run was planned.
 * @param isEnded whether every chunk is done.
 */
export function runCounts(
  measures: Readonly<Record<string, number>>,
  audienceSize: number,
  isEnded: boolean,
): RunCounts {
  const of = (measure: string) => measures[measure] ?? 0;
  const skipped = Object.fromEntries(under('skipped:', measures));
  const ended = { accepted: of('accepted'), rejected: of('rejected'), inDoubt: of('in-doubt') };
  const superseded = of('superseded') + of('superseded:unexpanded');
  const stale = of('stale') + of('stale:unexpanded');
  const unrenderable = of('unrenderable');
  const settled =
    sum(Object.values(ended)) + superseded + stale + unrenderable + of('coalesced') + sum(Object.values(skipped));
  const known =
    of('carrier') +
    of('coalesced') +
    sum(Object.values(skipped)) +
    of('superseded:unexpanded') +
    of('stale:unexpanded');
  const audience = isEnded ? known : Math.max(known, audienceSize);
  return {
    audience,
    planned: audienceSize,
    cameLater: of('came-later'),
    pending: audience - settled,
    ...ended,
    superseded,
    stale,
    unrenderable,
    coalesced: of('coalesced'),
    skipped,
    parts: partCounts(measures),
  };
}

/** Words of a carrier's own are few; those of one that makes them up are summed beyond the most frequent. */
const MOST_WORDS = 20;
const MORE_WORDS = 'more';

function partCounts(measures: Readonly<Record<string, number>>): PartCounts {
  const of = (measure: string) => measures[measure] ?? 0;
  const [accepted, delivered, failed] = [of('parts-accepted'), of('receipts-delivered'), of('receipts-failed')];
  const words = under('receipts-other:', measures)
    .filter(([, n]) => n > 0)
    .sort(([, a], [, b]) => b - a);
  const more = sum(words.slice(MOST_WORDS).map(([, n]) => n));
  const other = Object.fromEntries([...words.slice(0, MOST_WORDS), ...(more > 0 ? [[MORE_WORDS, more] as const] : [])]);
  // Receipts and answers are committed apart: for a moment more may be known of the later fact than of the earlier one.
  const awaited = Math.max(0, accepted - delivered - failed - sum(Object.values(other)));
  return { accepted, delivered, failed, other, awaited };
}

/** A handset that comes back gets what waits for it; after this, and the validity of the text, no carrier says what became of it. */
const RECEIPTS_COME_FOR_MS = 72 * 3_600_000;

/** Tells the parts of which no receipt came, as long as one may come, from those of which none will: what became of these nobody knows. */
export function partsByNow(
  parts: PartCounts,
  notAfter: Date,
  now: Date,
): PartCounts & { /** No receipt came while one could. */ readonly unknown: number } {
  const isOver = now.getTime() > notAfter.getTime() + RECEIPTS_COME_FOR_MS;
  return isOver ? { ...parts, awaited: 0, unknown: parts.awaited } : { ...parts, unknown: 0 };
}

/** The measures whose names begin so, without that beginning. */
function under(prefix: string, measures: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(measures)
    .filter(([measure]) => measure.startsWith(prefix))
    .map(([measure, n]) => [measure.slice(prefix.length), n]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
