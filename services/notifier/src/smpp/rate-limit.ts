import type { TokenBucket } from './token-bucket.ts';

/** What one bind may send of its account's rate. */
export type RateLimit = {
  available(): number;
  take(parts: number): void;
  /** Has the pump called when a part may be sent again. */
  wait(): void;
  stop(): void;
};

/** Tokens are looked at this seldom: a write of a few parts costs as much as one of a single part. */
const LEAST_WAIT_MS = 10;

/** Makes the limit of one bind over the bucket of its account; `onRefill` is called after each wait. */
export function rateLimit(bucket: TokenBucket, onRefill: () => void): RateLimit {
  let timer: NodeJS.Timeout | undefined;
  return {
    available: bucket.available,
    take: bucket.take,
    wait: () => {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          onRefill();
        },
        Math.max(LEAST_WAIT_MS, bucket.waitMs()),
      );
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
