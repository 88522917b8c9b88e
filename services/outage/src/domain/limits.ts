const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Most nodes of one outage; their codes fit a record of the topic. */
export const MAX_NODES = 2_000;
/** A node's code, as the network has it: 1 to 40 visible ASCII characters. */
export const NODE_CODE = /^[\x21-\x7e]{1,40}$/;
/** Longest window of planned work: what lasts longer is announced day by day. */
export const MAX_WINDOW_MS = 24 * HOUR_MS;
/** Earliest announcement before the start: a date further away is a slip of the pen. */
export const MAX_NOTICE_MS = 90 * DAY_MS;
/** A cut that began longer ago is history, not news. */
export const MAX_REPORT_AGE_MS = DAY_MS;
/** Furthest estimate of an unplanned outage. */
export const MAX_ESTIMATE_MS = 7 * DAY_MS;

/** Moves an instant by minutes. */
export function addMinutes(at: Date, minutes: number): Date {
  return new Date(at.getTime() + minutes * MINUTE_MS);
}
