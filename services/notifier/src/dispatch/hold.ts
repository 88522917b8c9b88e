import type { Database } from '@bijli/postgres';
import { withoutSpans } from '@bijli/tracing';
import { advanceCursor } from '../store/advance-cursor.ts';
import { type ClaimedChunk, LEASE_SECONDS } from '../store/claim-chunk.ts';
import { renewLease, type Standing } from '../store/renew-lease.ts';

/** A claimed chunk with its lease on our own clock. */
export type Hold = {
  readonly chunk: ClaimedChunk;
  /** Writes ahead up to `cursor`; false when nothing may be sent now. Like `renew`, it asks again while the lease lasts. */
  advance(cursor: number): Promise<boolean>;
  /** Renews the lease and tells where the run stands. */
  renew(): Promise<Standing>;
  /** Whether a socket may still be written for this chunk. Asked immediately before each write (PROTOCOL.md, step 8). */
  mayWrite(): boolean;
  /** Stops the renewals. */
  end(): void;
};

/** Nothing is written in the last seconds of a lease: the clock of the database and ours need not agree. */
const LEASE_MARGIN_MS = 5_000;
/** A chunk that gets no slice renews this often (PROTOCOL.md, step 4). */
const RENEW_EVERY_MS = 10_000;
/** A statement that failed is tried again after this long: both of ours may be repeated. */
const ASK_AGAIN_MS = 500;

/** Starts to hold a chunk that was claimed at `claimedAt` (monotonic milliseconds, read before the claim). */
export function holdChunk(
  db: Database,
  chunk: ClaimedChunk,
  claimedAt: number,
  onError: (error: unknown) => void,
): Hold {
  let leaseUntil = claimedAt + LEASE_SECONDS * 1_000;
  let isEnded = false;
  const mayWrite = () => performance.now() < leaseUntil - LEASE_MARGIN_MS;
  // The clock is read before the statement leaves: our end of the lease is never later than the database's.
  const asked = async <T>(statement: () => Promise<T>, isHeld: (answer: T) => boolean): Promise<T> => {
    for (;;) {
      const at = performance.now();
      try {
        const answer = await withoutSpans(statement);
        if (isHeld(answer)) leaseUntil = Math.max(leaseUntil, at + LEASE_SECONDS * 1_000);
        return answer;
      } catch (error) {
        if (isEnded || !mayWrite()) throw error;
        onError(error);
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  };
  const renew = () =>
    asked(
      () => renewLease(db, chunk),
      (standing) => standing !== 'lost',
    );
  const timer = setInterval(() => void renew().catch(onError), RENEW_EVERY_MS);
  return {
    chunk,
    advance: (cursor) =>
      asked(
        () => advanceCursor(db, chunk, cursor),
        (isWritten) => isWritten,
      ),
    renew,
    mayWrite,
    end() {
      isEnded = true;
      clearInterval(timer);
    },
  };
}
