/** How patient the inbox is; times in milliseconds. */
export type InboxSettings = {
  /** How often a worker looks for rows that nobody woke it for: parked keys, rows of a replica that died. */
  readonly pollMs: number;
  /** Rows of one transaction, at most. */
  readonly batchRows: number;
  /** How long a key waits for a missing version. */
  readonly gapParkMs: number;
  /** Tries of a record that fails without being transient, before it is a dead letter. */
  readonly maxAttempts: number;
  /** Tries of a record that waits for what has not come yet (`NotYetError`), before it is a dead letter. */
  readonly maxWaits: number;
  /** Crashes of the process over one record, before it is a dead letter. */
  readonly maxCrashes: number;
  /** The wait before a parked key is tried again: `first`, then doubled, `most` at the most. */
  readonly backOffMs: { first: number; most: number };
  /** How often a key that waits for a missing version is looked at again. */
  readonly gapRecheckMs: { first: number; most: number };
};

export const INBOX_SETTINGS: InboxSettings = {
  pollMs: 2_000,
  batchRows: 1_000,
  gapParkMs: 60_000,
  maxAttempts: 5,
  // Seven tries in the first minute, then one a minute: two hours. A district's connections are heard within one minute.
  maxWaits: 126,
  maxCrashes: 3,
  backOffMs: { first: 500, most: 60_000 },
  gapRecheckMs: { first: 250, most: 5_000 },
};

/** The wait before try number `attempt` + 1; attempts count from 1. */
export function backOff({ first, most }: { first: number; most: number }, attempt: number): number {
  return Math.min(first * 2 ** Math.min(attempt - 1, 30), most);
}
