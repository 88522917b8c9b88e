/** The parts that a provider account may be sent now, shared by all replicas. Instants are milliseconds of one clock, PostgreSQL's. */
export type AccountBucket = {
  readonly tokens: number;
  readonly filledAt: number;
  /** Share of the contract that is used for now: halved when the provider throttles, recovered step by step. */
  readonly share: number;
  /** When less was there than was wanted; null when that is long ago. */
  readonly shortAt: number | null;
  /** What was granted of late. */
  readonly grants: readonly Grant[];
};

/** Parts that were granted together, at an instant that names them, and by when the last of them has left. */
export type Grant = { readonly at: number; readonly parts: number; readonly leftBy: number };

/** Share of the contracted rate that is used (docs/sms.md, Submitting): the provider's clock and the way to it are not ours. */
const USED_SHARE = 0.95;
/** Share of one second's parts that may be saved up while nobody wants them, so that they do not all leave at once. */
const SAVED_SHARE = 0.04;
/** Seconds of which the parts are kept for somebody who waits for them: a turn of the sending may take so long. */
const KEPT_SECONDS = 0.25;
/** Share of the contract that a second leaves free, for parts that catch up on their way; in whole parts. */
const FREE_SHARE = 0.01;
/** Parts are whole: a second that may hold 99.99 holds 99. */
const ALMOST_A_PART = 0.99;
/** A throttled account goes on with half its share, at least this, and gains this much of the contract a second. */
const LEAST_SHARE = 1 / 64;
const GAIN_PER_SECOND = 0.05;

const SECOND_MS = 1_000;
/** What was granted has left so much later at the latest, if at all: a permission to write counts no longer (dispatch/send.ts). */
const LEAVES_WITHIN_MS = 1_000;
/** Grants whose parts have left within the same stretch are one entry. */
const STRETCH_MS = 20;
/** Grants of one instant are told apart by so much. */
const NEXT_MS = 0.001;
/** Who waited for the lock may have read the clock a moment before somebody else did; a clock that shows an earlier time than that was put back. */
const MOMENT_MS = 1_000;

/**
 * Fills a bucket up to `now`, with what comes at the rate that is used. Where the clock was put back nothing is gained, and the bucket goes on with
 * the clock as it is.
 */
export function filled(bucket: AccountBucket, partsPerSecond: number, now: number): AccountBucket {
  const seconds = Math.max(0, now - bucket.filledAt) / SECOND_MS;
  const share = Math.min(1, bucket.share + seconds * GAIN_PER_SECOND);
  const rate = partsPerSecond * USED_SHARE * share;
  const most = (bucket.shortAt !== null ? rate * KEPT_SECONDS : partsPerSecond * SAVED_SHARE * share) + ALMOST_A_PART;
  const isPutBack = now < bucket.filledAt - MOMENT_MS;
  const filledAt = isPutBack ? now : Math.max(now, bucket.filledAt);
  const earlierMs = isPutBack ? bucket.filledAt - now : 0;
  const grants = bucket.grants
    .map(({ at, parts, leftBy }) => ({ at: at - earlierMs, parts, leftBy: leftBy - earlierMs }))
    .filter(({ leftBy }) => isCounted(leftBy, filledAt));
  const shortAt = bucket.shortAt === null ? null : bucket.shortAt - earlierMs;
  return { tokens: Math.min(most, bucket.tokens + seconds * rate), filledAt, share, shortAt, grants };
}

/**
 * Takes up to `wanted` whole parts out of a filled bucket: never more than the second in which they leave has room for, beside all that may have left
 * in it. That is counted from when it has left, since it may leave long after it was granted, just before what is granted now.
 * @returns the parts, and the instant that names the grant.
 */
export function taken(
  bucket: AccountBucket,
  partsPerSecond: number,
  wanted: number,
): { readonly bucket: AccountBucket; readonly parts: number; readonly at: number } {
  const { tokens, filledAt, grants } = bucket;
  const room = mostInSecond(partsPerSecond) - partsOf(grants);
  const parts = Math.max(0, Math.min(Math.floor(wanted), Math.floor(tokens), Math.floor(room)));
  const at = grants.reduce((latest, grant) => Math.max(latest, grant.at + NEXT_MS), filledAt);
  const after = { ...bucket, tokens: tokens - parts, shortAt: wanted > parts ? filledAt : stillShort(bucket) };
  if (parts === 0) return { bucket: after, parts, at };
  return { bucket: { ...after, grants: [...grants, { at, parts, leftBy: at + LEAVES_WITHIN_MS }] }, parts, at };
}

/** Another replica may wait for what this one does not want. */
function stillShort({ shortAt, filledAt }: AccountBucket): number | null {
  return shortAt !== null && filledAt - shortAt < KEPT_SECONDS * SECOND_MS ? shortAt : null;
}

/** Notes that what was granted at an instant has left by the time up to which the bucket is filled, or never will. */
export function left(bucket: AccountBucket, at: number): AccountBucket {
  const grant = bucket.grants.find((one) => one.at === at);
  if (grant === undefined || grant.leftBy < bucket.filledAt) return bucket;
  const leftBy = bucket.filledAt;
  const stretch = Math.floor(leftBy / STRETCH_MS);
  const [same, others] = [[grant], [] as Grant[]];
  for (const one of bucket.grants) {
    if (one === grant) continue;
    (one.leftBy <= leftBy && Math.floor(one.leftBy / STRETCH_MS) === stretch ? same : others).push(one);
  }
  return { ...bucket, grants: [...others, { at, parts: partsOf(same), leftBy }] };
}

/** Takes parts that are sent beyond what was granted at an instant, since a text is not cut: the next grants are smaller for it. */
export function owing(bucket: AccountBucket, { at, parts }: Pick<Grant, 'at' | 'parts'>): AccountBucket {
  const grants = bucket.grants.map((grant) => (grant.at === at ? { ...grant, parts: grant.parts + parts } : grant));
  return { ...bucket, tokens: bucket.tokens - parts, grants };
}

/** Halves what is used of the contract, after the provider asked to slow down. */
export function halved(bucket: AccountBucket): AccountBucket {
  return { ...bucket, share: Math.max(LEAST_SHARE, bucket.share / 2) };
}

/** Tells after how many milliseconds a part is there, and room for it in its second; 0 when both are. */
export function msUntilPart({ tokens, share, filledAt, grants }: AccountBucket, partsPerSecond: number): number {
  const forToken = ((1 - tokens) / (partsPerSecond * USED_SHARE * share)) * SECOND_MS;
  const beyond = partsOf(grants) + 1 - mostInSecond(partsPerSecond);
  let gone = 0;
  const inOrder = grants.toSorted((one, other) => one.leftBy - other.leftBy);
  const last = inOrder.find(({ parts }) => (gone += parts) >= beyond);
  const forRoom = beyond <= 0 || last === undefined ? 0 : last.leftBy + SECOND_MS - filledAt;
  return Math.max(0, forToken, forRoom);
}

/** What left at this time may be in one second with what leaves now. */
const isCounted = (leftBy: number, now: number): boolean => leftBy > now - SECOND_MS;

/** A small contract has no part to leave free. */
const mostInSecond = (partsPerSecond: number): number => partsPerSecond - Math.floor(partsPerSecond * FREE_SHARE);

function partsOf(grants: readonly Grant[]): number {
  return grants.reduce((sum, { parts }) => sum + parts, 0);
}
