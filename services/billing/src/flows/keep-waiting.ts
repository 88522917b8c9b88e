import type { Transaction } from '@bijli/postgres';
import { outcomeOf } from '../domain/outcome.ts';
import {
  deleteWaiting,
  insertWaiting,
  updateWaiting,
  type WaitingChange,
  type WaitingEvent,
} from '../store/waiting-events.ts';
import type { Decided } from './told-posting.ts';

/**
 * This function will keep apart what waits, and let go what waited and does not any more. What waited and is refused now that its account
 * is known stays for a person to look at: nobody else would hear of it.
 */
export async function keepWaiting(tx: Transaction, decided: readonly Decided[]): Promise<void> {
  const begin: WaitingEvent[] = [];
  const change: WaitingChange[] = [];
  const end: string[] = [];
  for (const { told, accountId, decision } of decided) {
    const { kept } = told;
    const outcome = outcomeOf(decision);
    const reason = 'code' in outcome ? outcome.code : null;
    if (kept === null) {
      if (outcome.is === 'waiting') begin.push({ ...told, accountId, reason: outcome.code });
    } else if (reason === null) end.push(kept.id);
    else if (reason !== kept.reason) change.push({ id: kept.id, reason, accountId });
  }
  if (begin.length > 0) await insertWaiting(tx, begin);
  if (change.length > 0) await updateWaiting(tx, change);
  if (end.length > 0) await deleteWaiting(tx, end);
}
