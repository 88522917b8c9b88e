import { randomInt } from 'node:crypto';
import type { Database } from '@bijli/postgres';
import { openDedicatedConnection } from '@bijli/postgres';
import type { OffsetRange } from './offset-range.ts';

type Connection = Awaited<ReturnType<typeof openDedicatedConnection>>;

/** First half of the advisory locks that workers hold while they live; the second is the worker. */
const WORKER_LOCKS = 7_204_119;
const LARGEST_WORKER = 2 ** 31 - 1;

const REAP_EVERY_MS = 5_000;

/** Remembers what a worker is about to do where it survives the worker, so that a record which kills the process is found. */
export type Attempts = {
  /** Notes, durably against our own death, which rows are being tried; resolves with the note's id. */
  begin(subscription: string, ids: readonly string[]): Promise<string>;
  /** Notes which records are being tried as they arrive; resolves with the ids of the notes. */
  beginArrival(subscription: string, ranges: readonly OffsetRange[]): Promise<string[]>;
  /** Forgets tries that failed and were survived. */
  forget(attempts: readonly string[]): Promise<void>;
  /** Counts a crash for every row that a dead worker was trying; resolves with their number. Looks only now and then. */
  reap(): Promise<number>;
  close(): Promise<void>;
};

/**
 * Opens the notes of one worker process, on a connection of its own that holds the worker's lock: a note whose worker's lock is free was
 * left by a dead one. When the connection is lost, the next call makes another under a new name and forgets the notes of the old one.
 */
export function openAttempts(db: Database): Attempts {
  let reapedAt = 0;
  /** Names that we had before: what they left unforgotten was survived. */
  const former: number[] = [];
  let open: Promise<{ connection: Connection; worker: number }> | undefined;

  const lockName = async (connection: Connection): Promise<number> => {
    const worker = randomInt(LARGEST_WORKER);
    await connection.query('set synchronous_commit = off'); // a note must survive us, not PostgreSQL
    await connection.query('select pg_advisory_lock($1::integer, $2::integer)', [WORKER_LOCKS, worker]);
    await connection.query('delete from inbox_attempt where worker = any($1::integer[])', [former]);
    former.push(worker);
    return worker;
  };
  const connect = async (): Promise<{ connection: Connection; worker: number }> => {
    const connection = await openDedicatedConnection(db, 'inbox worker');
    try {
      const worker = await lockName(connection);
      connection.once('end', () => {
        open = undefined;
      });
      return { connection, worker };
    } catch (error) {
      await connection.end().catch(() => undefined);
      throw error;
    }
  };
  const opened = async (): Promise<{ connection: Connection; worker: number }> => {
    open ??= connect().catch((error: unknown) => {
      open = undefined;
      throw error;
    });
    return await open;
  };

  return {
    begin: async (subscription, ids) => {
      const { connection, worker } = await opened();
      const { rows } = await connection.query<{ id: string }>(
        'insert into inbox_attempt (worker, subscription, inbox_ids) values ($1, $2, $3) returning id',
        [worker, subscription, ids],
      );
      return rows[0]?.id ?? '';
    },
    beginArrival: async (subscription, ranges) => {
      const { connection, worker } = await opened();
      const { rows } = await connection.query<{ id: string }>(
        `insert into inbox_attempt (worker, subscription, inbox_ids, topic, partition, first_offset, last_offset)
         select $1, $2, '{}', * from unnest($3::text[], $4::integer[], $5::bigint[], $6::bigint[]) returning id`,
        [
          worker,
          subscription,
          ranges.map(({ topic }) => topic),
          ranges.map(({ partition }) => partition),
          ranges.map(({ first }) => String(first)),
          ranges.map(({ last }) => String(last)),
        ],
      );
      return rows.map(({ id }) => id);
    },
    forget: async (attempts) => {
      const { connection } = await opened();
      await connection.query('delete from inbox_attempt where id = any($1::bigint[])', [attempts]);
    },
    reap: async () => {
      if (Date.now() - reapedAt < REAP_EVERY_MS) return 0;
      reapedAt = Date.now();
      const { connection } = await opened();
      const { rows } = await connection.query<{ counted: number }>(REAP);
      return rows[0]?.counted ?? 0;
    },
    close: async () => {
      const current = await open?.catch(() => undefined);
      await current?.connection.end();
    },
  };
}

/** SQL: nobody holds the lock of the worker that wrote the note `a`. */
export const IS_ORPHAN = `
  not exists (
    select from pg_locks l
     where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())
       and l.classid = ${WORKER_LOCKS}::oid and l.objid = a.worker::oid and l.objsubid = 2)`;

// A note from before PostgreSQL's latest start says nothing about its worker: it was PostgreSQL that died. Notes of what arrived are kept
// until it arrives again (crashes-on-arrival.ts).
const REAP = `
  with orphan as (
    delete from inbox_attempt a
     where a.topic is null and ${IS_ORPHAN}
    returning subscription, inbox_ids, started_at > pg_postmaster_start_time() as crashed
  ), crashed as (
    update inbox_pending p set crashes = p.crashes + 1
      from orphan o where o.crashed and p.subscription = o.subscription and p.id = any(o.inbox_ids)
    returning p.id
  )
  select count(*)::integer as counted from crashed`;
