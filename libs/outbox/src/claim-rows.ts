import type { Database, SqlValue, Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import type { KeyState, PendingRow } from './inbox-rows.ts';

/** Keys under lock, and the database's time. */
export type Claimed = { states: Map<string, KeyState>; now: Date };
/** Takes keys, inside a transaction. */
export type Claim = (tx: Transaction) => Promise<Claimed>;

const STATE_COLUMNS = `k.key, k.version, k.attempts, case when k.parked_reason = 'gap' then k.parked_since end as gap_since, now() as now`;
const NOT_PARKED = '(k.parked_until is null or k.parked_until <= now())';

/*
 * Pending rows whose key may be handled. `offset 0` keeps the planner from joining: inbox_key has a row for every key ever heard, and the
 * statistics of a queue are always wrong. So each row asks for its key by the primary key.
 */
const FRESH = `select p.key from inbox_pending p
  where p.subscription = ? and p.crashes = 0
    and exists (select from inbox_key k where k.subscription = p.subscription and k.key = p.key and k.attempts = 0 and ${NOT_PARKED} offset 0)`;
const HAS_PENDING = `exists (select from inbox_pending p where p.subscription = k.subscription and p.key = k.key and p.crashes = 0 offset 0)`;
const TRIED = `from inbox_key k where k.subscription = ? and k.attempts > 0 and ${NOT_PARKED} and ${HAS_PENDING}`;
const SUSPECT = `select p.id::text as id, p.key from inbox_pending p
  where p.subscription = ? and p.crashes > 0
    and exists (select from inbox_key k where k.subscription = p.subscription and k.key = p.key and ${NOT_PARKED} offset 0)
    and not exists (select from inbox_pending older where older.subscription = p.subscription and older.key = p.key and older.id < p.id)
  order by p.id limit 1`;

type LockedKeyRow = { key: string; version: string; attempts: number; gap_since: Date | null; now: Date };

async function claim(tx: Transaction, sql: string, values: readonly SqlValue[]): Promise<Claimed> {
  const rows = await query<LockedKeyRow>(tx, sql, values);
  const states = rows.map(({ key, version, attempts, gap_since }) => ({
    key,
    version: Number(version),
    attempts,
    gapSince: gap_since,
  }));
  return { states: new Map(states.map((state) => [state.key, state])), now: rows[0]?.now ?? new Date() };
}

/** How many times deeper than a batch it looks for keys when those of the oldest rows are in other hands. */
const DEEPEST = 8;

/**
 * Takes the keys of the oldest pending rows, as far as they never failed, are not parked and nobody else handles them, until the end of the
 * transaction; when others handle all of those, the next oldest. Rows that may have killed a process are left out.
 */
export const claimFresh =
  (subscription: string, limit: number): Claim =>
  async (tx) => {
    for (let depth = 1; ; depth *= 2) {
      const claimed = await claim(
        tx,
        `select ${STATE_COLUMNS} from inbox_key k
        where k.subscription = ? and k.key = any(array(${FRESH} order by p.id limit ?)) and k.attempts = 0 and ${NOT_PARKED}
        limit ?
          for update skip locked`,
        [subscription, subscription, limit * depth, limit],
      );
      if (claimed.states.size > 0 || depth === DEEPEST) return claimed;
    }
  };

/** Takes one key that failed before and may be tried again. */
export const claimTried =
  (subscription: string): Claim =>
  (tx) =>
    claim(tx, `select ${STATE_COLUMNS} ${TRIED} order by k.parked_until limit 1 for update of k skip locked`, [
      subscription,
    ]);

/** Takes the given keys, except those that are parked or that somebody else handles. */
export const claimKeys =
  (subscription: string, keys: readonly string[]): Claim =>
  (tx) =>
    claim(
      tx,
      `select ${STATE_COLUMNS} from inbox_key k where k.subscription = ? and k.key = any(?::text[]) and ${NOT_PARKED} for update skip locked`,
      [subscription, keys],
    );

/** What a worker could do now. A suspect may have killed a process; it is the oldest of its key. */
export type Work = { fresh: boolean; tried: boolean; suspect: { id: string; key: string } | null };

/** Looks for work without locking anything: all that an idle worker does. */
export async function findWork(db: Database, subscription: string): Promise<Work> {
  const [work] = await query<Work>(
    db,
    `select exists (${FRESH}) as fresh, exists (select ${TRIED}) as tried, (select row_to_json(suspect) from (${SUSPECT}) as suspect) as suspect`,
    [subscription, subscription, subscription],
  );
  return work as Work;
}

type PendingDatabaseRow = Omit<PendingRow, 'recordOffset' | 'receivedAt'> & {
  record_offset: string;
  received_at: Date;
};

/** About how many bytes of records are held in memory at once. */
const BATCH_BYTES = 16 * 1024 * 1024;

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
    `select id, key, crashes, topic, partition, record_offset, value, headers, received_at
       from (select p.id, p.key, p.crashes, i.topic, i.partition, i.record_offset, i.value, i.headers, i.received_at,
                    sum(octet_length(i.value)) over (order by p.id rows between unbounded preceding and 1 preceding) as bytes_before
               from inbox_pending p
               join inbox i on i.id = p.id
              where p.subscription = ? and p.key = any(?::text[]) ${ids === undefined ? '' : 'and p.id = any(?::bigint[])'}
              order by p.id
              limit ?) as oldest
      where coalesce(bytes_before, 0) < ?
      order by id`,
    [subscription, keys, ...(ids === undefined ? [] : [ids]), limit, BATCH_BYTES],
  );
  return rows.map(({ record_offset, received_at, ...row }) => ({
    ...row,
    recordOffset: record_offset,
    receivedAt: received_at,
  }));
}
