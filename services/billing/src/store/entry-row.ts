import type { AccountEvent } from '@bijli/events';

/** An entry as it was made. */
export type Entry = {
  readonly eventId: string;
  readonly accountId: string;
  /** The account's number of today; null where its connection is erased. */
  readonly accountNumber: string | null;
  readonly version: number;
  readonly type: AccountEvent['type'];
  readonly reference: string;
  readonly amountPaise: number;
  /** Outstanding on the account after this entry. */
  readonly outstandingPaise: number;
  readonly issuedOn: string | null;
  readonly dueOn: string | null;
  readonly occurredAt: Date;
  readonly enteredAt: Date;
  readonly traceId: string | null;
};

/** For a statement on `entry` and its `account`. */
export const ENTRY_COLUMNS = `entry.event_id, entry.account_id, account.account_number, entry.version, entry.type, entry.reference,
  entry.amount_paise, entry.outstanding_paise, entry.issued_on, entry.due_on, entry.occurred_at, entry.entered_at, entry.trace_id`;

/** A row of `ENTRY_COLUMNS`. */
export type EntryRow = {
  readonly event_id: string;
  readonly account_id: string;
  readonly account_number: string | null;
  readonly version: number;
  readonly type: AccountEvent['type'];
  readonly reference: string;
  readonly amount_paise: string;
  readonly outstanding_paise: string;
  readonly issued_on: string | null;
  readonly due_on: string | null;
  readonly occurred_at: Date;
  readonly entered_at: Date;
  readonly trace_id: string | null;
};

/** Makes the entry of a row. */
export function entryOf(row: EntryRow): Entry {
  return {
    eventId: row.event_id,
    accountId: row.account_id,
    accountNumber: row.account_number,
    version: row.version,
    type: row.type,
    reference: row.reference,
    amountPaise: Number(row.amount_paise),
    outstandingPaise: Number(row.outstanding_paise),
    issuedOn: row.issued_on,
    dueOn: row.due_on,
    occurredAt: row.occurred_at,
    enteredAt: row.entered_at,
    traceId: row.trace_id,
  };
}
