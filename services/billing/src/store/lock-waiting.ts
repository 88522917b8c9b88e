import { query, type Transaction } from '@bijli/postgres';

/** Any number of our own; advisory locks of this database are listed here and in libs/outbox only. */
const WAITING_LOCK = 7_204_130_001;

/**
 * Keeps account numbers from appearing until the caller's transaction ends. Who found a number unknown takes it and
 * looks again before it lets an event wait: else number and event could miss each other, each in a transaction the other cannot see.
 */
export async function lockAgainstNumbers(tx: Transaction): Promise<void> {
  await query(tx, 'select pg_advisory_xact_lock(:waitingLock)', { waitingLock: WAITING_LOCK });
}

/** Waits for those who are about to let an event wait; who makes numbers appear takes it first. Many may at once. */
export async function lockToAddNumbers(tx: Transaction): Promise<void> {
  await query(tx, 'select pg_advisory_xact_lock_shared(:waitingLock)', { waitingLock: WAITING_LOCK });
}
