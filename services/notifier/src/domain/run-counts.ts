/** The counts of a run. Contacts: audience = pending + accepted + rejected + inDoubt + superseded + stale + coalesced + all skipped. */
export interface RunCounts {
  audience: number;
  pending: number;
  accepted: number;
  rejected: number;
  inDoubt: number;
  superseded: number;
  stale: number;
  coalesced: number;
  skipped: Record<string, number>;
  /** Message parts and their receipts: accepted = delivered + failed + awaited. */
  parts: { accepted: number; delivered: number; failed: number; awaited: number };
}

/**
 * This function will turn the summed measures of a run into its counts. While chunks are still unexpanded, the contacts
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
  const skipped = Object.fromEntries(
    Object.entries(measures)
      .filter(([measure]) => measure.startsWith('skipped:'))
      .map(([measure, n]) => [measure.slice('skipped:'.length), n]),
  );
  const ended = { accepted: of('accepted'), rejected: of('rejected'), inDoubt: of('in-doubt') };
  const superseded = of('superseded') + of('superseded:unexpanded');
  const stale = of('stale') + of('stale:unexpanded');
  const settled = sum(Object.values(ended)) + superseded + stale + of('coalesced') + sum(Object.values(skipped));
  const known =
    of('carrier') +
    of('coalesced') +
    sum(Object.values(skipped)) +
    of('superseded:unexpanded') +
    of('stale:unexpanded');
  const audience = isEnded ? known : Math.max(known, audienceSize);
  const accepted = of('parts-accepted');
  const delivered = of('receipts-delivered');
  const failed = of('receipts-failed');
  // Receipts and answers are committed apart: for a moment more may be known of the later fact than of the earlier one.
  const awaited = Math.max(0, accepted - delivered - failed);
  return {
    audience,
    pending: audience - settled,
    ...ended,
    superseded,
    stale,
    coalesced: of('coalesced'),
    skipped,
    parts: { accepted, delivered, failed, awaited },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
