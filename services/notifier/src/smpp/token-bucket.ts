/** The parts that an account may send now; all its binds share one. */
export type TokenBucket = {
  /** Tells how many parts may be sent now. */
  available(): number;
  /** Takes tokens for `parts` that are sent now; no more than were available. */
  take(parts: number): void;
  /** Tells after how many milliseconds a part may be sent; 0 when one may now. */
  waitMs(): number;
};

/** Share of the contracted rate that is used (docs/sms.md, Submitting): the provider's clock and the way to it are not ours. */
const USED_SHARE = 0.95;
/** Share of one second's parts that may be saved up; the last hundredth is left for parts that catch up on their way. */
const SAVED_SHARE = 0.04;
/** Parts are whole: a second that may hold 99.99 holds 99. */
const ALMOST_A_PART = 0.99;

/** Without a contract, as in tests of other things. */
export const NO_LIMIT: TokenBucket = {
  available: () => Number.POSITIVE_INFINITY,
  take: () => undefined,
  waitMs: () => 0,
};

/**
 * Makes the bucket of a contracted rate in message parts per second. What it sends in a second and what
 * it saves are less than the contract together, so that no second sees more, the first one after a pause neither: what is
 * unused for some 42 ms is lost, at small rates all but one part. Each process has its own: two replicas send twice the
 * rate. `now` gives monotonic milliseconds.
 */
export function tokenBucket(partsPerSecond: number, now: () => number = () => performance.now()): TokenBucket {
  const perMs = (partsPerSecond * USED_SHARE) / 1_000;
  const most = partsPerSecond * SAVED_SHARE + ALMOST_A_PART;
  let tokens = most;
  let filledAt = now();

  const fill = (): void => {
    const at = now();
    tokens = Math.min(most, tokens + (at - filledAt) * perMs);
    filledAt = at;
  };
  return {
    available: () => {
      fill();
      return Math.floor(tokens);
    },
    take: (parts) => {
      fill();
      tokens -= parts;
    },
    waitMs: () => {
      fill();
      return Math.max(0, (1 - tokens) / perMs);
    },
  };
}
