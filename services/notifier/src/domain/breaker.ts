/** What keeps texts of one kind from a provider for a while. Instants are monotonic milliseconds. */
export type Breaker =
  | { readonly state: 'closed'; readonly answers: number; readonly bad: number }
  /** Nothing passes until `until`; then one probe does. `opened` counts how often in a row. */
  | { readonly state: 'open'; readonly until: number; readonly opened: number }
  | { readonly state: 'half-open'; readonly since: number; readonly opened: number };

/** When a breaker opens: `bad` of a series of `of` answers. */
export type BreakerRule = {
  readonly of: number;
  readonly bad: number;
  readonly firstMs: number;
  readonly mostMs: number;
};

/** A header that the provider does not know, or a text that it does not: ten answers say so, not one that went astray. */
export const HEADER_RULE: BreakerRule = { of: 20, bad: 10, firstMs: 30_000, mostMs: 600_000 };
/** More than 5 % of the last 200 with a number that is not reached: it is not the numbers (docs/sms.md). */
export const NUMBERS_RULE: BreakerRule = { of: 200, bad: 11, firstMs: 10_000, mostMs: 300_000 };

/** A probe whose answer never comes lets another one through after this long, milliseconds. */
const PROBE_MS = 15_000;

/** Makes a breaker that lets everything pass. */
export function closedBreaker(): Breaker {
  return { state: 'closed', answers: 0, bad: 0 };
}

/** Tells how many texts may pass now: all, one as a probe, or none. */
export function passes(breaker: Breaker, now: number): number {
  switch (breaker.state) {
    case 'closed':
      return Number.POSITIVE_INFINITY;
    case 'open':
      return now >= breaker.until ? 1 : 0;
    case 'half-open':
      return now >= breaker.since + PROBE_MS ? 1 : 0;
  }
}

/** Notes that a probe left. */
export function probed(breaker: Breaker, now: number): Breaker {
  return breaker.state === 'closed' ? breaker : { state: 'half-open', since: now, opened: breaker.opened };
}

/** Notes answers that came together. A good one closes a breaker that was probed; bad ones open it, longer each time. */
export function answered(
  breaker: Breaker,
  { good, bad }: { readonly good: number; readonly bad: number },
  now: number,
  rule: BreakerRule,
): Breaker {
  if (breaker.state === 'open') return breaker;
  if (breaker.state === 'half-open') {
    if (bad > 0) return opened(breaker.opened + 1, now, rule);
    return good > 0 ? closedBreaker() : breaker;
  }
  const badSoFar = breaker.bad + bad;
  if (badSoFar >= rule.bad) return opened(1, now, rule);
  const answers = breaker.answers + good + bad;
  return answers >= rule.of ? closedBreaker() : { state: 'closed', answers, bad: badSoFar };
}

function opened(times: number, now: number, { firstMs, mostMs }: BreakerRule): Breaker {
  return { state: 'open', until: now + Math.min(mostMs, firstMs * 2 ** (times - 1)), opened: times };
}
