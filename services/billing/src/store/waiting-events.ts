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
  readonly id: string;
  readonly event_id: string;
  readonly account_number: string;
  readonly account_id: string | null;
  readonly reason: RejectionCode;
  readonly type: Posting['type'];
  readonly reference: string;
  readonly amount_paise: string | null;
  readonly issued_on: string | null;
  readonly due_on: string | null;
  readonly occurred_at: Date;
  readonly is_dated: boolean;
  readonly heard_at: Date;
  readonly trace_id: string | null;
  readonly traceparent: string | null;
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
     select * from unnest(:eventIds::uuid[], :accountNumbers::text[], :accountIds::uuid[], :reasons::text[], :types::text[], :references::text[], :amountPaise::bigint[], :issuedOn::date[], :dueOn::date[], :occurredAt::timestamptz[], :isDated::boolean[], :heardAt::timestamptz[], :traceIds::text[], :traceparents::text[])
         as fresh (event_id, account_number, account_id, reason, type, reference, amount_paise, issued_on, due_on, occurred_at, is_dated, heard_at, trace_id, traceparent)
      where (select count(*) from waiting_event w
              where w.account_number = fresh.account_number and w.type = fresh.type and w.reference = fresh.reference) < :mostSaidAgain
     on conflict do nothing`,
    {
      eventIds: waiting.map(({ eventId }) => eventId),
      accountNumbers: postings.map(({ accountNumber }) => accountNumber),
      accountIds: waiting.map(({ accountId }) => accountId),
      reasons: waiting.map(({ reason }) => reason),
      types: postings.map(({ type }) => type),
      references: postings.map(({ reference }) => reference),
      amountPaise: postings.map(({ amountPaise }) => amountPaise),
      issuedOn: postings.map(({ issuedOn }) => issuedOn),
      dueOn: postings.map(({ dueOn }) => dueOn),
      occurredAt: postings.map(({ occurredAt }) => occurredAt.toISOString()),
      isDated: postings.map(({ isDated }) => isDated),
      heardAt: waiting.map(({ heardAt }) => heardAt.toISOString()),
      traceIds: waiting.map(({ traceId }) => traceId),
      traceparents: waiting.map(({ traceparent }) => traceparent),
      mostSaidAgain: MOST_SAID_AGAIN,
    },
  );
}

/** Loads what waits on these accounts for a payment or a bill, or for what becomes of one, in the order in which it was heard. */
export async function loadWaitingOfAccounts(tx: Transaction, accountIds: readonly string[]): Promise<StoredWaiting[]> {
  const rows = await query<WaitingRow>(
    tx,
    `select waiting.*
       from unnest(:accountIds::uuid[]) as sought (account_id)
      cross join lateral (
        select * from waiting_event w
         where w.account_id = sought.account_id and w.reason in ('unknown-payment', 'unknown-bill', 'not-taken-back', 'not-entered-again') offset 0) waiting
      order by waiting.id`,
    { accountIds },
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
       from unnest(:numbers::text[]) as sought (account_number)
      cross join lateral (
        select * from waiting_event w
         where w.account_number = sought.account_number and w.reason = 'unknown-account' offset 0) waiting
      where waiting.id > :after
      order by waiting.id limit :limit`,
    { numbers, after, limit },
  );
  return rows.map(waitingOf);
}

/** Forgets postings that wait no longer. */
export async function deleteWaiting(tx: Transaction, ids: readonly string[]): Promise<void> {
  await query(tx, 'delete from waiting_event where id = any(:ids::bigint[])', { ids });
}

/** Notes that postings wait for something else now. */
export async function updateWaiting(tx: Transaction, changes: readonly WaitingChange[]): Promise<void> {
  await query(
    tx,
    `update waiting_event set reason = after.reason, account_id = after.account_id
       from unnest(:ids::bigint[], :reasons::text[], :accountIds::uuid[]) as after (id, reason, account_id)
      where waiting_event.id = after.id`,
    {
      ids: changes.map(({ id }) => id),
      reasons: changes.map(({ reason }) => reason),
      accountIds: changes.map(({ accountId }) => accountId),
    },
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
