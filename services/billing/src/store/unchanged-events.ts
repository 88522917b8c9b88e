import { type Database, query, type Transaction } from '@bijli/postgres';
import type { Posting } from '../domain/account.ts';

/** An event of the billing system that changed nothing: what it says was so before. */
export type UnchangedEvent = {
  /** Id at its source. */
  readonly eventId: string;
  readonly accountId: string;
  readonly type: Posting['type'];
  readonly reference: string;
  readonly heardAt: Date;
  /** 32 hex digits; null where it was not traced. */
  readonly traceId: string | null;
};
/** One that is stored. */
export type StoredUnchanged = Omit<UnchangedEvent, 'accountId'> & {
  readonly id: string;
  /** The account's number of today; null where its connection is erased. */
  readonly accountNumber: string | null;
};
/** `before` is the id of the last one of the page before, null at first; `reference` null means any. */
export type UnchangedPage = {
  readonly reference: string | null;
  readonly before: string | null;
  readonly limit: number;
};

/** Somebody who misses an entry asks within days. */
const KEPT_DAYS = 7;
/** Old ones that go with each batch of new ones: more than come, so that they get fewer. */
const FORGOTTEN_AT_ONCE = 5_000;

/** Notes events that changed nothing, and forgets those that are a week old, inside the caller's transaction. */
export async function insertUnchanged(tx: Transaction, events: readonly UnchangedEvent[]): Promise<void> {
  await query(
    tx,
    `insert into unchanged_event (event_id, account_id, type, reference, heard_at, trace_id)
     select * from unnest(:eventIds::uuid[], :accountIds::uuid[], :types::text[], :references::text[], :heardAt::timestamptz[], :traceIds::text[])`,
    {
      eventIds: events.map(({ eventId }) => eventId),
      accountIds: events.map(({ accountId }) => accountId),
      types: events.map(({ type }) => type),
      references: events.map(({ reference }) => reference),
      heardAt: events.map(({ heardAt }) => heardAt.toISOString()),
      traceIds: events.map(({ traceId }) => traceId),
    },
  );
  // Other batches forget at the same time: each takes rows that nobody else has in hand.
  await query(
    tx,
    `delete from unchanged_event
      where id in (select id from unchanged_event where heard_at < now() - make_interval(days => :keptDays::integer)
                    order by heard_at limit :forgottenAtOnce for update skip locked)`,
    { keptDays: KEPT_DAYS, forgottenAtOnce: FORGOTTEN_AT_ONCE },
  );
}

/** Lists what changed nothing in the last week, the latest first. */
export async function listUnchanged(
  db: Database,
  { reference, before, limit }: UnchangedPage,
): Promise<StoredUnchanged[]> {
  const rows = await query<{
    id: string;
    event_id: string;
    account_number: string | null;
    type: Posting['type'];
    reference: string;
    heard_at: Date;
    trace_id: string | null;
  }>(
    db,
    `select unchanged.*, account.account_number
       from unchanged_event unchanged join account on account.id = unchanged.account_id
      where (:reference::text is null or unchanged.reference = :reference) and (:before::bigint is null or unchanged.id < :before)
        and unchanged.heard_at >= now() - make_interval(days => :keptDays::integer)
      order by unchanged.id desc limit :limit`,
    { reference, before, keptDays: KEPT_DAYS, limit },
  );
  return rows.map((row) => ({
    id: row.id,
    eventId: row.event_id,
    accountNumber: row.account_number,
    type: row.type,
    reference: row.reference,
    heardAt: row.heard_at,
    traceId: row.trace_id,
  }));
}
