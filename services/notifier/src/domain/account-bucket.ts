/** The parts that a provider account may be sent now, shared by all replicas. Instants are milliseconds of one clock, PostgreSQL's. */
export type AccountBucket = {
  readonly tokens: number;
  readonly filledAt: number;
  /** Share of the contract that is used for now: halved when the provider throttles, recovered step by step. */
  readonly share: number;
};

/** Share of the contracted rate that is used (docs/sms.md, Submitting): the provider's clock and the way to it are not ours. */
const USED_SHARE = 0.95;
/** Share of one second's parts that may be saved up; the last hundredth is left for parts that catch up on their way. */
const SAVED_SHARE = 0.04;
/** Parts are whole: a second that may hold 99.99 holds 99. */
const ALMOST_A_PART = 0.99;
/** A throttled account goes on with half its share, at least this, and gains this much of the contract a second. */
const LEAST_SHARE = 1 / 64;
const GAIN_PER_SECOND = 0.05;

/** Who waited for the lock may have read the clock a moment before somebody else did; a clock that shows an earlier time than that was put back. */
const MOMENT_MS = 1_000;

/**
 * Fills a bucket up to `now`: what it sends in a second and what it saves are less than the contract together. Where the clock was put back
 * nothing is gained, and the bucket goes on with the clock as it is.
 */
export function filled(bucket: AccountBucket, partsPerSecond: number, now: number): AccountBucket {
  const seconds = Math.max(0, now - bucket.filledAt) / 1_000;
  const share = Math.min(1, bucket.share + seconds * GAIN_PER_SECOND);
  const rate = partsPerSecond * USED_SHARE * share;
  const most = partsPerSecond * SAVED_SHARE * share + ALMOST_A_PART;
  const filledAt = now < bucket.filledAt - MOMENT_MS ? now : Math.max(now, bucket.filledAt);
  return { tokens: Math.min(most, bucket.tokens + seconds * rate), filledAt, share };
}

/** Takes up to `wanted` whole parts out of a filled bucket. */
export function taken(
  bucket: AccountBucket,
  wanted: number,
): { readonly bucket: AccountBucket; readonly parts: number } {
  const parts = Math.max(0, Math.min(Math.floor(wanted), Math.floor(bucket.tokens)));
  return { bucket: { ...bucket, tokens: bucket.tokens - parts }, parts };
}

/** Takes parts that are sent beyond what was granted, since a text is not cut: the next grants are smaller for it. */
export function owing(bucket: AccountBucket, parts: number): AccountBucket {
  return { ...bucket, tokens: bucket.tokens - parts };
}

/** Halves what is used of the contract, after the provider asked to slow down. */
export function halved(bucket: AccountBucket): AccountBucket {
  return { ...bucket, share: Math.max(LEAST_SHARE, bucket.share / 2) };
}

/** Tells after how many milliseconds a part is there; 0 when one is. */
export function msUntilPart({ tokens, share }: AccountBucket, partsPerSecond: number): number {
  return Math.max(0, ((1 - tokens) / (partsPerSecond * USED_SHARE * share)) * 1_000);
}
