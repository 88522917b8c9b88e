import { appendEvents } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import type { OutageDecision } from '../domain/decision.ts';
import type { Outage } from '../domain/outage.ts';
import { insertOutage } from '../store/insert-outage.ts';
import { noteEvents } from '../store/note-events.ts';
import { updateOutage } from '../store/update-outage.ts';

/** Now, and the trace in which this happens. */
export type Moment = { readonly now: Date; readonly traceId: string | null };

/** What was decided, and whether anything is different now; that is not always told. */
export type Saved = { readonly decision: OutageDecision; readonly isChanged: boolean };

/** Stores what was decided on an outage inside the caller's transaction, and appends the events; what changed nothing leaves everything as it is. */
export async function saveDecision(
  tx: Transaction,
  before: Outage | null,
  decision: OutageDecision,
  traceId: string | null,
): Promise<Saved> {
  if (!decision.accepted || decision.state === before) return { decision, isChanged: false };
  const { state, events } = decision;
  if (before === null) await insertOutage(tx, state);
  else await updateOutage(tx, state, before);
  await noteEvents(tx, events, traceId);
  if (events.length > 0) await appendEvents(tx, 'outage.outage.v1', events);
  return { decision, isChanged: true };
}
