import { type Database, execute } from '@bijli/postgres';

/** Lets held runs end that nobody released while they were worth telling: they are taken in hand, and closed as stale. */
export async function endHeldPastUse(db: Database): Promise<void> {
  await execute(
    db,
    `update run set state = 'open', state_reason = 'held-too-long' where state = 'held' and not_after <= now()`,
  );
}
