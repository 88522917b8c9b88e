import type { Database, SqlValues, Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import type { KeyState, PendingRow } from '../records/inbox-rows.ts';

/** Keys under lock, and the database's time. */
export type Claimed = { readonly states: Map<string, KeyState>; readonly now: Date };
/** Takes keys, inside a transaction. */
export type Claim = (tx: Transaction) => Promise<Claimed>;

const STATE_COLUMNS = `key, version, attempts, case when parked_reason = 'gap' then parked_since end as gap_since, now() as now`;

type LockedKeyRow = {
  readonly key: string;
  readonly version: string;
  readonly attempts: number;
  readonly gap_since: Date | null;
  readonly now: Date;
};

async function claim(tx: Transaction, from: string, values: SqlValues): Promise<Claimed> {
  const rows = await query<LockedKeyRow>(tx, `select ${STATE_COLUMNS} from ${from}`, values);
  const states = rows.map(
    ({ key, version, attempts, gap_since }): KeyState => ({
      key,
      version: Number(version),
      attempts,
      gapSince: gap_since,
    }),
  );
  return { states: new Map(states.map((state) => [state.key, state])), now: rows[0]?.now ?? new Date() };
}

/** How many times deeper than a batch it looks for keys when those of the oldest rows are in other hands. */
const DEEPEST = 8;

/**
 * Takes the keys of the oldest pending rows, as far as they never failed, are not parked and nobody else handles them, until the end of the
 * transaction; when others handle all of those, the next oldest. Rows that may have killed a process are left out.
 */
export function claimFresh(subscription: string, limit: number): Claim {
  return async (tx) => {
    for (let depth = 1; ; depth *= 2) {
      const claimed = await claim(tx, 'inbox_claim_fresh(:subscription, :depth, :limit)', {
        ...{ subscription, depth: limit * depth, limit },
      });
      if (claimed.states.size > 0 || depth === DEEPEST) return claimed;
    }
  };
}

/** Takes keys that failed before and may be tried again, those first that are due longest. */
export function claimTried(subscription: string, most: number): Claim {
  return (tx) => claim(tx, 'inbox_claim_tried(:subscription, :most)', { subscription, most });
}

/** Takes the given keys, except those that are parked or that somebody else handles. */
export function claimKeys(subscription: string, keys: readonly string[]): Claim {
  return (tx) =>
    claim(
      tx,
      `inbox_key where subscription = :subscription and key = any(:keys::text[]) and (parked_until is null or parked_until <= now()) for update skip locked`,
      { subscription, keys },
    );
}

/** Takes the key of a row that failed, unless it is parked or the row is settled by now. Waits for who arrives with the key: that is short. */
export function claimFailed(subscription: string, { id, key }: Pick<PendingRow, 'id' | 'key'>): Claim {
  return async (tx) => {
    const where =
      'inbox_key where subscription = :subscription and key = :key and (parked_until is null or parked_until <= now())';
    const claimed = await claim(tx, `${where} for update`, { subscription, key });
    // Looked at under the lock: who settles a row has it.
    const pending = await query(tx, 'select from inbox_pending where subscription = :subscription and id = :id', {
      subscription,
      id,
    });
    return pending.length > 0 ? claimed : { ...claimed, states: new Map() };
  };
}

/** What a worker could do now. A suspect may have killed a process; it is the oldest of its key. */
export type Work = {
  readonly fresh: boolean;
  readonly tried: boolean;
  readonly suspect: { id: string; key: string } | null;
};

type WorkRow = {
  readonly fresh: boolean;
  readonly tried: boolean;
  readonly suspect_id: string | null;
  readonly suspect_key: string | null;
};

/** Looks for work without locking anything: all that an idle worker does. */
export async function findWork(db: Database, subscription: string): Promise<Work> {
  const [row] = await query<WorkRow>(db, 'select * from inbox_work(:subscription)', { subscription });
  const { fresh = false, tried = false, suspect_id: id = null, suspect_key: key = null } = row ?? {};
  return { fresh, tried, suspect: id === null || key === null ? null : { id, key } };
}

type PendingDatabaseRow = Omit<PendingRow, 'recordOffset' | 'receivedAt'> & {
  readonly record_offset: string;
  readonly received_at: Date;
};

/** About how many bytes of records are held in memory at once. */
const BATCH_BYTES = 16 * 1024 * 1024;

/**
 * Reads the oldest pending rows of locked keys, in order of arrival; only those of `ids` when given. Key by key and row by row, by index: the
 * planner, left alone, reads all that is pending for every batch.
 */
export async function readPending(
  tx: Transaction,
  subscription: string,
  keys: readonly string[],
  { limit, ids }: { limit: number; ids?: readonly string[] },
): Promise<PendingRow[]> {
  const rows = await query<PendingDatabaseRow>(
    tx,
    `select id, key, crashes, topic, partition, record_offset, value, headers, received_at
       from (select p.id, p.key, p.crashes, i.topic, i.partition, i.record_offset, i.value, i.headers, i.received_at,
                    sum(octet_length(i.value)) over (order by p.id rows between unbounded preceding and 1 preceding) as bytes_before
               from unnest(:keys::text[]) as claimed (key)
              cross join lateral (
                select id, key, crashes from inbox_pending
                 where subscription = :subscription and key = claimed.key ${ids === undefined ? '' : 'and id = any(:ids::bigint[])'}
                 order by id limit :limit offset 0) p
              cross join lateral (select * from inbox where id = p.id offset 0) i
              order by p.id
              limit :limit) as oldest
      where coalesce(bytes_before, 0) < :batchBytes
      order by id`,
    { keys, subscription, limit, batchBytes: BATCH_BYTES, ...(ids === undefined ? {} : { ids }) },
  );
  return rows.map(({ record_offset, received_at, ...row }) => ({
    ...row,
    recordOffset: record_offset,
    receivedAt: received_at,
  }));
}
