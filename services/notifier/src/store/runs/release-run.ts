import { type Database, execute } from '@bijli/postgres';

/** Lets a held run go out. @returns false when it is not held (any more). */
export async function releaseRun(db: Database, runId: string, releasedBy: string): Promise<boolean> {
  const released = await execute(
    db,
    `update run set state = 'open', state_reason = 'released by ' || :releasedBy::text where run_id = :runId and state = 'held'`,
    { runId, releasedBy },
  );
  return released === 1;
}

/** Lets held runs end that nobody released while they were worth telling: they are taken in hand, and closed as stale. */
export async function endHeldPastUse(db: Database): Promise<void> {
  await execute(
    db,
    `update run set state = 'open', state_reason = 'held-too-long' where state = 'held' and not_after <= now()`,
  );
}
