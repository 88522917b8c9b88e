import { type Database, execute } from '@bijli/postgres';
import { ASKABLE, type AskKind } from '../../domain/run-ask.ts';

/** Notes that somebody asks for something to be done with a run. @returns false when the run is in no state for it, or it is asked already. */
export async function askRun(
  db: Database,
  { runId, kind, askedBy, reason }: { runId: string; kind: AskKind; askedBy: string; reason: string },
): Promise<boolean> {
  const written = await execute(
    db,
    `insert into run_ask (run_id, kind, asked_by, reason)
     select run_id, :kind, :askedBy, :reason from run
      where run_id = :runId and state = any(:states::text[]) and ended_at is null
     on conflict (run_id, kind) where confirmed_at is null do nothing`,
    { runId, kind, askedBy, reason, states: ASKABLE[kind] },
  );
  return written === 1;
}
