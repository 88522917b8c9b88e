import type { OutageEvent } from '@bijli/events';
import { query, type Transaction } from '@bijli/postgres';

/** Notes what happened and in which trace (32 hex digits or null), so that a journey is found by the outage's id. */
export async function noteEvents(
  tx: Transaction,
  events: readonly OutageEvent[],
  traceId: string | null,
): Promise<void> {
  for (const { aggregateId, version, eventId, type, occurredAt } of events) {
    await query(
      tx,
      `insert into outage_event (outage_id, version, event_id, type, occurred_at, trace_id)
       values (:aggregateId, :version, :eventId, :type, :occurredAt, :traceId)`,
      { aggregateId, version, eventId, type, occurredAt, traceId },
    );
  }
}
