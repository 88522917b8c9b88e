import type pg from 'pg';
import { connectTo, type OwnSystem } from './own-system.ts';

/** Whose commits wake somebody by NOTIFY. */
const SPEAKERS = ['outage', 'billing', 'notifier'];

/**
 * Loads what counts statements, which counts none until it is told to, and shows them whole. PostgreSQL must be started anew after it. Names are looked up in `public`
 * first, so that `withoutNotify` can put a function there.
 */
export async function prepareServer(system: OwnSystem): Promise<void> {
  const admin = await connectTo(system, 'postgres', 'postgres');
  await admin.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`);
  await admin.query(`alter system set track_activity_query_size = '32kB'`); // what a long statement does stands behind the usual first 1 kB
  for (const database of SPEAKERS) await admin.query(`alter database ${database} set search_path = public, pg_catalog`);
  await admin.end();
}

/** Makes that no NOTIFY arrives until the promise of `work` is settled: all that is left to the services is to look from time to time. */
export async function withoutNotify<T>(system: OwnSystem, work: () => Promise<T>): Promise<T> {
  const owners = await Promise.all(SPEAKERS.map((database) => connectTo(system, database, `${database}_owner`)));
  try {
    for (const owner of owners)
      await owner.query('create function public.pg_notify(text, text) returns void language sql as $$ select $$');
    return await work();
  } finally {
    for (const owner of owners) {
      await owner.query('drop function if exists public.pg_notify(text, text)');
      await owner.end();
    }
  }
}

/** Begins to count statements, or stops. */
export async function countStatements(admin: pg.Client, isOn: boolean): Promise<void> {
  if (isOn) {
    await admin.query('create extension if not exists pg_stat_statements');
    await admin.query('select pg_stat_statements_reset()');
  }
  await admin.query(`alter system set pg_stat_statements.track = '${isOn ? 'top' : 'none'}'`);
  await admin.query('select pg_reload_conf()');
}

/** The octets of log that PostgreSQL has written since it was made. */
export async function walOctets(admin: pg.Client): Promise<number> {
  const { rows } = await admin.query<{ octets: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as octets`,
  );
  return Number(rows[0]?.octets);
}

/** Names the process that serves a connection. */
export async function backendOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

/** Brings all of memory to disk, so that what comes next finds PostgreSQL as whatever is compared with it does. */
export async function checkpoint(admin: pg.Client): Promise<void> {
  await admin.query('checkpoint');
}

const TOLD = [
  ...[
    'server_version',
    'fsync',
    'synchronous_commit',
    'full_page_writes',
    'shared_buffers',
    'wal_buffers',
    'max_wal_size',
  ],
  ...[
    'checkpoint_timeout',
    'work_mem',
    'jit',
    'autovacuum',
    'random_page_cost',
    'shared_preload_libraries',
    'wal_level',
  ],
];

/** The settings that decide how fast PostgreSQL is. */
export async function tellSettings(admin: pg.Client): Promise<Record<string, string>> {
  const { rows } = await admin.query<{ name: string; value: string }>(
    'select name, current_setting(name) as value from pg_settings where name = any($1)',
    [TOLD],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
