import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Migration, MigrationSource } from './read-migrations.ts';
import { isPostgresError } from './postgres-errors.ts';
import { readMigrations } from './read-migrations.ts';

export type { MigrationSource };

/** Any number will do, as long as every replica of every release takes the same. */
const MIGRATION_LOCK = 7_204_118_332;

/**
 * How a migration waits for a table that is in use. Whoever comes to the table after it waits behind it, so it waits briefly, lets the
 * others through and comes again, two minutes in all.
 */
const LOCK = { waitMs: 1_000, pauseMs: 1_000, tries: 60 };

type LedgerRow = { readonly source: string; readonly number: number; readonly checksum: string };

/**
 * Brings a database up to date: applies what is missing of each source, in order, each migration in a transaction of its own that records
 * it first. Replicas may do it at the same moment: one works, the others wait and find it done. Resolves with the files applied here.
 * A table that is in use is waited for two minutes, without keeping its users waiting for longer than a second at a time.
 * Refuses, before anything is changed: a gap in the numbers, a file that differs from what was applied, and a database that is newer than
 * this code.
 */
export async function migrate({
  url,
  sources,
}: {
  url: string;
  sources: readonly MigrationSource[];
}): Promise<{ applied: string[] }> {
  const migrations = (await Promise.all(sources.map(readMigrations))).flat();
  const client = new pg.Client({ connectionString: url, application_name: 'migrate' });
  client.on('error', () => undefined); // the query in flight rejects as well
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return { applied: await applyMissing(client, migrations, sources) };
  } finally {
    await client.end(); // releases the lock
  }
}

async function applyMissing(
  client: pg.Client,
  migrations: readonly Migration[],
  sources: readonly MigrationSource[],
): Promise<string[]> {
  await client.query(`
    create table if not exists schema_migration (
      source text not null,
      number integer not null,
      file text not null,
      checksum text not null,
      applied_at timestamptz not null default now(),
      constraint schema_migration_pkey primary key (source, number)
    )`);
  const { rows: ledger } = await client.query<LedgerRow>(
    'select source, number, checksum from schema_migration where source = any($1) order by source, number',
    [sources.map(({ name }) => name)],
  );
  refuseForeign(ledger, migrations);
  const known = new Set(ledger.map(ledgerKey));
  const applied: string[] = [];
  for (const migration of migrations) {
    if (!known.has(ledgerKey(migration)) && (await applyWhenFree(client, migration)))
      applied.push(`${migration.source}/${migration.file}`);
  }
  return applied;
}

const ledgerKey = ({ source, number }: { source: string; number: number }): string => `${source}/${number}`;

function refuseForeign(ledger: readonly LedgerRow[], migrations: readonly Migration[]): void {
  const expected = new Map<string, number>();
  for (const { source, number } of ledger) {
    const next = (expected.get(source) ?? 0) + 1;
    if (number !== next)
      throw new Error(
        `The database's record of migrations is damaged: migration ${source}/${next} is missing below ${source}/${number}.`,
      );
    expected.set(source, next);
  }
  const ours = new Map(migrations.map((migration) => [ledgerKey(migration), migration]));
  for (const row of ledger) {
    const migration = ours.get(ledgerKey(row));
    if (migration === undefined)
      throw new Error(
        `The database is newer than this code: migration ${ledgerKey(row)} was applied and is not among our files.`,
      );
    if (migration.checksum !== row.checksum)
      throw new Error(
        `Migration ${migration.source}/${migration.file} was changed after it was applied. Put it back and write a new one.`,
      );
  }
}

/** Tries one migration again while the tables that it needs are in use. */
async function applyWhenFree(client: pg.Client, migration: Migration): Promise<boolean> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await applyOne(client, migration);
    } catch (error) {
      const isInUse = error instanceof Error && isPostgresError(error.cause, 'lockNotAvailable');
      if (!isInUse || tried === LOCK.tries) throw error;
    }
    await pause(LOCK.pauseMs);
  }
}

/** False when somebody else recorded it between our reading and our writing, which the primary key, not the lock, decides. */
async function applyOne(client: pg.Client, { source, number, file, checksum, sql }: Migration): Promise<boolean> {
  await client.query('begin');
  try {
    const recorded = await client.query(
      'insert into schema_migration (source, number, file, checksum) values ($1, $2, $3, $4) on conflict do nothing',
      [source, number, file, checksum],
    );
    // After the record: who applies the same one elsewhere may take as long as it needs.
    await client.query(`set local lock_timeout = ${LOCK.waitMs}`);
    if (recorded.rowCount === 1) await client.query(sql);
    await client.query('commit');
    return recorded.rowCount === 1;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw new Error(`Migration ${source}/${file} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
