import type { Transaction } from '@bijli/postgres';

/** Notes how many contacts a run concerns, and refuses it when they are too many. Inside the caller's transaction. */
export async function sizeRun(tx: Transaction, runId: string, audienceSize: number, isRefused: boolean): Promise<void> {
  await tx.raw(
    isRefused
      ? `update run set audience_size = :audienceSize, state = 'refused', state_reason = 'audience-too-large', ended_at = now() where run_id = :runId`
      : `update run set audience_size = :audienceSize where run_id = :runId`,
    { runId, audienceSize },
  );
}
