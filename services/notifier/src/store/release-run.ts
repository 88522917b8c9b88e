import type { Database } from '@bijli/postgres';

/** Lets a held run go out. @returns false when it is not held (any more). */
export async function releaseRun(db: Database, runId: string, releasedBy: string): Promise<boolean> {
  const changed = await db('run')
    .where({ run_id: runId, state: 'held' })
    .update({ state: 'open', state_reason: `released by ${releasedBy}` });
  return changed === 1;
}
