import type { Database, Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import type { KeyState, PendingRow } from './inbox-rows.ts';

/** Keys under lock, and the database's time. */
export type Claimed = { states: Map<string, KeyState>; now: Date };
/** Takes keys, inside a transaction. */
export type Claim = (tx: Transaction) => Promise<Claimed>;

const STATE_COLUMNS = `k.key, k.version, k.attempts, case when k.parked_reason = 'gap' then k.parked_since end as gap_since, now() as now`;
const NOT_PARKED = '(k.parked_until is null or k.parked_until <= now())';
const PENDING_KEYS = 'inbox_pending p join inbox_key k on k.subscription = p.subscription and k.key = p.key';

type LockedKeyRow = { key: string; version: string; attempts: number; gap_since: Date | null; now: Date };

const claimed = (rows: readonly LockedKeyRow[]): Claimed => ({
  states: new Map(
    rows.map((row) => [
      row.key,
      { key: row.key, version: Number(row.version), attempts: row.attempts, gapSince: row.gap_since },
    ]),
  ),
  now: rows[0]?.now ?? new Date(),
});

/**
 * Takes the keys of the oldest pending rows, as far as they are not parked and nobody else handles them, until the end of the transaction:
 * those never tried before, or those that failed (`tried`). Rows that may have killed a process are left out.
 */
export const claimOldest =
  (subscription: string, { tried, limit }: { tried: boolean; limit: number }): Claim =>
  async (tx) =>
    claimed(
      await query<LockedKeyRow>(
        tx,
        `select ${STATE_COLUMNS} from ${PENDING_KEYS}
      where p.subscription = ? and p.crashes = 0 and ${NOT_PARKED} and k.attempts ${tried ? '>' : '='} 0
      order by p.id
      limit ?
        for update of k skip locked`,
        [subscription, limit],
      ),
    );

/** Takes the given keys, except those that are parked or that somebody else handles. */
export const claimKeys =
  (subscription: string, keys: readonly string[]): Claim =>
  async (tx) =>
    claimed(
      await query<LockedKeyRow>(
        tx,
        `select ${STATE_COLUMNS} from inbox_key k where k.subscription = ? and k.key = any(?::text[]) and ${NOT_PARKED} for update skip locked`,
        [subscription, keys],
      ),
    );

/** What a worker could do now. A suspect may have killed a process; it is the oldest of its key. */
export type Work = { fresh: boolean; tried: boolean; suspect: { id: string; key: string } | null };

/** Looks for work without locking anything: all that an idle worker does. */
export async function findWork(db: Database, subscription: string): Promise<Work> {
  const [work] = await query<Work>(
    db,
    `select exists (select from ${PENDING_KEYS} where p.subscription = s and p.crashes = 0 and ${NOT_PARKED} and k.attempts = 0) as fresh,
            exists (select from ${PENDING_KEYS} where p.subscription = s and p.crashes = 0 and ${NOT_PARKED} and k.attempts > 0) as tried,
            (select json_build_object('id', p.id::text, 'key', p.key) from ${PENDING_KEYS}
              where p.subscription = s and p.crashes > 0 and ${NOT_PARKED}
                and not exists (select from inbox_pending older where older.subscription = s and older.key = p.key and older.id < p.id)
              order by p.id limit 1) as suspect
       from (select ?::text as s) as given`,
    [subscription],
  );
  return work as Work;
}

type PendingDatabaseRow = Omit<PendingRow, 'recordOffset' | 'receivedAt'> & {
  record_offset: string;
  received_at: Date;
};

/** Reads the oldest pending rows of locked keys, in order of arrival; only those of `ids` when given. */
export async function readPending(
  tx: Transaction,
  subscription: string,
  keys: readonly string[],
  limit: number,
  ids?: readonly string[],
): Promise<PendingRow[]> {
  const rows = await query<PendingDatabaseRow>(
    tx,
    `select p.id, p.key, p.crashes, i.topic, i.partition, i.record_offset, i.value, i.headers, i.received_at
       from inbox_pending p
       join inbox i on i.id = p.id
      where p.subscription = ? and p.key = any(?::text[]) ${ids === undefined ? '' : 'and p.id = any(?::bigint[])'}
      order by p.id
      limit ?`,
    [subscription, keys, ...(ids === undefined ? [] : [ids]), limit],
  );
  return rows.map(({ record_offset, received_at, ...row }) => ({
    ...row,
    recordOffset: record_offset,
    receivedAt: received_at,
  }));
}
