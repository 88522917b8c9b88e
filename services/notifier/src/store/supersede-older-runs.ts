import type { Transaction } from '@bijli/postgres';

/**
 * Ends the sending of every older run of a thread, inside the caller's transaction. The row lock waits
 * for write-aheads under way (advance-cursor.ts locks the same row), so what was told is known when this returns.
 */
export async function supersedeOlderRuns(tx: Transaction, threadId: string, revision: number): Promise<void> {
  await tx.raw(
    `update run set state = 'superseded', state_reason = 'newer-revision'
      where thread_id = :threadId and revision < cast(:revision as bigint) and state in ('open', 'held')`,
    { threadId, revision },
  );
}
