import type { AccountEvent } from '@bijli/events';
import { query, type Transaction } from '@bijli/postgres';

/** An entry as its event tells it, which time it is of its type and reference (from 1), and the trace in which it was told (32 hex digits). */
export type NewEntry = { readonly event: AccountEvent; readonly cycle: number; readonly traceId: string | null };

/** Adds entries to the ledger, inside the caller's transaction, which holds their accounts locked. */
export async function insertEntries(tx: Transaction, entries: readonly NewEntry[]): Promise<void> {
  const events = entries.map(({ event }) => event);
  await query(
    tx,
    `insert into entry (account_id, version, event_id, type, reference, amount_paise, outstanding_paise, issued_on, due_on, occurred_at, trace_id, cycle)
     select * from unnest(:aggregateIds::uuid[], :versions::integer[], :eventIds::uuid[], :types::text[], :references::text[], :amountPaise::bigint[], :outstandingPaise::bigint[], :issuedOn::date[], :dueOn::date[], :occurredAt::timestamptz[], :traceIds::text[], :cycles::integer[])`,
    {
      aggregateIds: events.map(({ aggregateId }) => aggregateId),
      versions: events.map(({ version }) => version),
      eventIds: events.map(({ eventId }) => eventId),
      types: events.map(({ type }) => type),
      references: events.map(({ reference }) => reference),
      amountPaise: events.map(({ amountPaise }) => amountPaise),
      outstandingPaise: events.map(({ outstandingPaise }) => outstandingPaise),
      issuedOn: events.map(({ issuedOn }) => issuedOn),
      dueOn: events.map(({ dueOn }) => dueOn),
      occurredAt: events.map(({ occurredAt }) => occurredAt.toISOString()),
      traceIds: entries.map(({ traceId }) => traceId),
      cycles: entries.map(({ cycle }) => cycle),
    },
  );
}
