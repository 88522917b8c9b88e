import { appendEvents } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import type { ComplaintDecision } from '../domain/complaint.ts';
import { insertComplaint } from '../store/insert-complaint.ts';
import { noteEvent } from '../store/note-event.ts';
import { countJoined, updateComplaint } from '../store/update-complaint.ts';

/** Now, and the trace in which this happens. */
export type Moment = { readonly now: Date; readonly traceId: string | null };

/** Stores what was decided inside the caller's transaction, and appends the event; a refusal leaves everything as it is. */
export async function saveDecision(
  tx: Transaction,
  decision: ComplaintDecision,
  { traceId }: Moment,
): Promise<ComplaintDecision> {
  if (!decision.accepted) return decision;
  const { state, events } = decision;
  if (events.length === 0) await countJoined(tx, state);
  else if (state.version === 1) await insertComplaint(tx, state);
  else await updateComplaint(tx, state);
  for (const event of events) await noteEvent(tx, event, state, traceId);
  await appendEvents(tx, 'complaint.complaint.v1', events);
  return decision;
}
