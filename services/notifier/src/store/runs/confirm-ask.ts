import { execute, query, type Transaction } from '@bijli/postgres';
import { ASKABLE, type AskKind, isAnother } from '../../domain/run-ask.ts';
import { NEWS } from '../chunks/look-at-runs.ts';

/** What became of a confirmation. */
export type Confirmed = 'done' | 'not-asked' | 'same-person' | 'over';

/**
 * Does what was asked of a run, when another person agrees, inside the caller's transaction. A recalled run ends as one that is superseded: what
 * was told holds, and nothing more of it leaves.
 */
export async function confirmAsk(
  tx: Transaction,
  { runId, kind, confirmedBy }: { runId: string; kind: AskKind; confirmedBy: string },
): Promise<Confirmed> {
  const [ask] = await query<{ ask_id: string; askedBy: string; reason: string }>(
    tx,
    `select ask_id::text as ask_id, asked_by as "askedBy", reason from run_ask
      where run_id = :runId and kind = :kind and confirmed_at is null for update`,
    { runId, kind },
  );
  if (ask === undefined) return 'not-asked';
  if (!isAnother(ask, confirmedBy)) return 'same-person';
  const changed = await execute(
    tx,
    `update run set state = :state, state_reason = :stateReason where run_id = :runId and state = any(:states::text[]) and ended_at is null`,
    {
      runId,
      state: kind === 'release' ? 'open' : 'superseded',
      stateReason: `${DONE[kind]} by ${ask.askedBy}, confirmed by ${confirmedBy}: ${ask.reason}`,
      states: ASKABLE[kind],
    },
  );
  if (changed === 0) return 'over';
  await execute(
    tx,
    'update run_ask set confirmed_by = :confirmedBy, confirmed_at = now() where ask_id = :askId::bigint',
    {
      confirmedBy,
      askId: ask.ask_id,
    },
  );
  await execute(tx, 'select pg_notify(:channel, :payload)', { channel: NEWS, payload: '' });
  return 'done';
}

const DONE: Readonly<Record<AskKind, string>> = { release: 'released', recall: 'recalled' };
