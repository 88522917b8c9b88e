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
     select * from unnest(?::uuid[], ?::integer[], ?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::date[], ?::date[], ?::timestamptz[], ?::text[], ?::integer[])`,
    [
      events.map(({ aggregateId }) => aggregateId),
      events.map(({ version }) => version),
      events.map(({ eventId }) => eventId),
      events.map(({ type }) => type),
      events.map(({ reference }) => reference),
      events.map(({ amountPaise }) => amountPaise),
      events.map(({ outstandingPaise }) => outstandingPaise),
      events.map(({ issuedOn }) => issuedOn),
      events.map(({ dueOn }) => dueOn),
      events.map(({ occurredAt }) => occurredAt.toISOString()),
      entries.map(({ traceId }) => traceId),
      entries.map(({ cycle }) => cycle),
    ],
  );
}
