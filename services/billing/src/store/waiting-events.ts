import { query, type Transaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import type { Posting, RejectionCode } from '../domain/account.ts';
import { MOST_SAID_AGAIN } from '../domain/limits.ts';

/** A posting that is kept apart. */
export type WaitingEvent = {
  /** Id at its source. */
  readonly eventId: string;
  readonly posting: Posting;
  /** Null while the account is not known. */
  readonly accountId: string | null;
  readonly reason: RejectionCode;
  readonly heardAt: Date;
  readonly traceId: string | null;
  readonly traceparent: string | null;
};
/** One that is stored. */
export type StoredWaiting = WaitingEvent & { readonly id: string };
/** For what it waits from now on. */
export type WaitingChange = Pick<StoredWaiting, 'id' | 'reason' | 'accountId'>;

/** A row of `waiting_event`. */
export type WaitingRow = {
  id: string;
  event_id: string;
  account_number: string;
  account_id: string | null;
  reason: RejectionCode;
  type: Posting['type'];
  reference: string;
  amount_paise: string | null;
  issued_on: string | null;
  due_on: string | null;
  occurred_at: Date;
  is_dated: boolean;
  heard_at: Date;
  trace_id: string | null;
  traceparent: string | null;
};

/**
 * Keeps postings apart; one that is kept already, by its id or, with a time of its own, by its content, stays once. Of one type and reference on
 * one number no more are kept once `MOST_SAID_AGAIN` are there.
 */
export async function insertWaiting(tx: Transaction, waiting: readonly WaitingEvent[]): Promise<void> {
  const postings = waiting.map(({ posting }) => posting);
  await query(
    tx,
    `insert into waiting_event (event_id, account_number, account_id, reason, type, reference, amount_paise, issued_on, due_on, occurred_at, is_dated, heard_at, trace_id, traceparent)
     select * from unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::date[], ?::date[], ?::timestamptz[], ?::boolean[], ?::timestamptz[], ?::text[], ?::text[])
         as fresh (event_id, account_number, account_id, reason, type, reference, amount_paise, issued_on, due_on, occurred_at, is_dated, heard_at, trace_id, traceparent)
      where (select count(*) from waiting_event w
              where w.account_number = fresh.account_number and w.type = fresh.type and w.reference = fresh.reference) < ?
     on conflict do nothing`,
    [
      waiting.map(({ eventId }) => eventId),
      postings.map(({ accountNumber }) => accountNumber),
      waiting.map(({ accountId }) => accountId),
      waiting.map(({ reason }) => reason),
      postings.map(({ type }) => type),
      postings.map(({ reference }) => reference),
      postings.map(({ amountPaise }) => amountPaise),
      postings.map(({ issuedOn }) => issuedOn),
      postings.map(({ dueOn }) => dueOn),
      postings.map(({ occurredAt }) => occurredAt.toISOString()),
      postings.map(({ isDated }) => isDated),
      waiting.map(({ heardAt }) => heardAt.toISOString()),
      waiting.map(({ traceId }) => traceId),
      waiting.map(({ traceparent }) => traceparent),
      MOST_SAID_AGAIN,
    ],
  );
}

/** Loads what waits on these accounts for a payment or a bill, or for what becomes of one, in the order in which it was heard. */
export async function loadWaitingOfAccounts(tx: Transaction, accountIds: readonly string[]): Promise<StoredWaiting[]> {
  const rows = await query<WaitingRow>(
    tx,
    `select waiting.*
       from unnest(?::uuid[]) as sought (account_id)
      cross join lateral (
        select * from waiting_event w
         where w.account_id = sought.account_id and w.reason in ('unknown-payment', 'unknown-bill', 'not-taken-back', 'not-entered-again') offset 0) waiting
      order by waiting.id`,
    [accountIds],
  );
  return rows.map(waitingOf);
}

/** Loads what waits for accounts of these numbers to be known, in the order in which it was heard, after the given id. */
export async function loadWaitingForNumbers(
  tx: Transaction,
  numbers: readonly string[],
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<StoredWaiting[]> {
  const rows = await query<WaitingRow>(
    tx,
    `select waiting.*
       from unnest(?::text[]) as sought (account_number)
      cross join lateral (
        select * from waiting_event w
         where w.account_number = sought.account_number and w.reason = 'unknown-account' offset 0) waiting
      where waiting.id > ?
      order by waiting.id limit ?`,
    [numbers, after, limit],
  );
  return rows.map(waitingOf);
}

/** Forgets postings that wait no longer. */
export async function deleteWaiting(tx: Transaction, ids: readonly string[]): Promise<void> {
  await query(tx, 'delete from waiting_event where id = any(?::bigint[])', [ids]);
}

/** Notes that postings wait for something else now. */
export async function updateWaiting(tx: Transaction, changes: readonly WaitingChange[]): Promise<void> {
  await query(
    tx,
    `update waiting_event set reason = after.reason, account_id = after.account_id
       from unnest(?::bigint[], ?::text[], ?::uuid[]) as after (id, reason, account_id)
      where waiting_event.id = after.id`,
    [changes.map(({ id }) => id), changes.map(({ reason }) => reason), changes.map(({ accountId }) => accountId)],
  );
}

/** Makes the posting of a row, under a new id: what tells of it is another event. */
export function waitingOf(row: WaitingRow): StoredWaiting {
  return {
    id: row.id,
    eventId: row.event_id,
    accountId: row.account_id,
    reason: row.reason,
    heardAt: row.heard_at,
    traceId: row.trace_id,
    traceparent: row.traceparent,
    posting: {
      eventId: newId(),
      type: row.type,
      occurredAt: row.occurred_at,
      isDated: row.is_dated,
      accountNumber: row.account_number,
      reference: row.reference,
      amountPaise: row.amount_paise === null ? null : Number(row.amount_paise),
      issuedOn: row.issued_on,
      dueOn: row.due_on,
    },
  };
}
