import { appendEvents } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { decide } from '../domain/decide.ts';
import type { ChangingCommand, OutageDecision } from '../domain/outage.ts';
import { loadOutageForUpdate } from '../store/load-outage-for-update.ts';
import { noteEvents } from '../store/note-events.ts';
import { updateOutage } from '../store/update-outage.ts';
import type { Moment } from './open-outage.ts';

/** Changes an outage inside the caller's transaction: load it locked, decide, and where that changes anything store, and append the event. */
export async function changeOutage(
  tx: Transaction,
  id: string,
  command: ChangingCommand,
  { now, traceId }: Moment,
): Promise<OutageDecision> {
  const decision = decide(await loadOutageForUpdate(tx, id), command, now);
  if (decision.accepted && decision.events.length > 0) {
    await updateOutage(tx, decision.state);
    await noteEvents(tx, decision.events, traceId);
    await appendEvents(tx, 'outage.outage.v1', decision.events);
  }
  return decision;
}
