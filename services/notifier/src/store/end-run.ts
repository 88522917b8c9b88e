import type { Transaction } from '@bijli/postgres';

/**
 * Ends a run whose chunks are all done, inside the caller's transaction. The run's row is locked first:
 * of two chunks that close together the second one sees the first.
 */
export async function endRun(tx: Transaction, runId: string): Promise<void> {
  await tx.raw('select from run where run_id = :runId for update', { runId });
  await tx.raw(
    `update run
        set ended_at = now(), state = case when state = 'open' then 'complete' else state end
      where run_id = :runId and ended_at is null
        and not exists (select from chunk c where c.run_id = :runId and c.state <> 'done')`,
    { runId },
  );
}
