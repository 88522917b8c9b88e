const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a consumer has to say whether it is fixed, unless told: three days reach over a week-end and a phone that is off. */
export const ANSWER_HOURS = 72;
/** A complaint that was closed longer ago is lodged anew: whatever is wrong now is another fault. */
export const REOPEN_WITHIN_MS = 7 * DAY_MS;
/**
 * An outage whose estimate passed so long ago explains nothing any more: either supply is back and nobody said so, or nobody knows when
 * it will be. In both cases somebody must go and look, so the complaint becomes a ticket.
 */
const STALE_ESTIMATE_MS = 6 * HOUR_MS;

/** This function will tell before which estimate of restoration an outage explains nothing any more. */
export function stalestEstimate(now: Date): Date {
  return new Date(now.getTime() - STALE_ESTIMATE_MS);
}
