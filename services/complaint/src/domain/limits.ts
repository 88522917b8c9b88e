const DAY_MS = 24 * 3_600_000;

/** How long a consumer has to say whether it is fixed, unless told: three days reach over a week-end and a phone that is off. */
export const ANSWER_HOURS = 72;
/** A complaint that was closed longer ago is lodged anew: whatever is wrong now is another fault. */
export const REOPEN_WITHIN_MS = 7 * DAY_MS;
