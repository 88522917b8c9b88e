import type { Transaction } from '@bijli/postgres';
import type { Alone, ChangingCommand } from '../domain/commands.ts';
import { decide } from '../domain/decide.ts';
import { findNodesOfOutages } from '../store/find-nodes-of-outages.ts';
import { loadOutageForUpdate } from '../store/load-outage-for-update.ts';
import { lockSubstations } from '../store/lock-substations.ts';
import { aroundChange } from './look-around.ts';
import { passTime } from './pass-time.ts';
import { type Moment, saveDecision, type Saved } from './save-decision.ts';

/**
 * Changes an outage inside the caller's transaction: load it locked, look around under the locks of its substations, decide, and where that
 * changes anything store, and append the event. What is confirmed happens at once.
 */
export async function changeOutage(
  tx: Transaction,
  id: string,
  change: Alone<ChangingCommand>,
  { now, traceId }: Moment,
): Promise<Saved> {
  await lockSubstations(tx, await findNodesOfOutages(tx, { outageIds: [id], sourceIds: [] }));
  const before = await loadOutageForUpdate(tx, id);
  const command: ChangingCommand = { ...change, ...(await aroundChange(tx, before, change)) };
  const saved = await saveDecision(tx, before, decide(before, command, now), traceId);
  if (!saved.decision.accepted || change.type !== 'confirm-outage') return saved;
  const { state, events } = await passTime(tx, saved.decision.state, now);
  return { decision: { accepted: true, state, events }, isChanged: true };
}
