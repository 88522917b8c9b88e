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
/** Supply that goes again within this of its restoration is the same outage. */
export const REOPEN_WITHIN_MS = 10 * MINUTE_MS;
/** How long a person may take back an announcement, a new window or a cancellation, unless the setting says otherwise. */
export const UNDO_SECONDS = 10;
/** How long what a machine reports waits for a person's word, unless the setting says otherwise: rural feeders trip many times a day. */
export const HOLD_DOWN_MINUTES = 5;
/** Later than this, news of an outage waits for an operator of the notifier; what is held down must be told before. */
export const MAX_HOLD_DOWN_MINUTES = 20;
/** How long before a return time passes somebody must renew it, unless the setting says otherwise. */
export const ESTIMATE_ALARM_MINUTES = 10;

/** Moves an instant by minutes. */
export function addMinutes(at: Date, minutes: number): Date {
  return new Date(at.getTime() + minutes * MINUTE_MS);
}
