import { execFile } from 'node:child_process';
import { chownSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type GuardedProcess, spawnGuarded } from './guarded-process.ts';
import { postgresBinaries } from './postgres/binaries.ts';
import { makePrivateFolder, postgresDataFolder } from './postgres/data-folder.ts';
import { type Identity, postgresIdentity } from './postgres/identity.ts';
import { watchForLine } from './wait-for-line.ts';

const readyWithinMs = 60_000; // after a kill -9 it replays its log first
const maxConnections = 200;

/** Where and how to run PostgreSQL. */
export type PostgresOptions = {
  /** A folder that exists; the data goes below it, unless PostgreSQL's user cannot get there. */
  readonly parentFolder: string;
  readonly port: number;
  /** The administrator's password. It takes effect when the data folder is made and must stay the same after. */
  readonly password: string;
  /** For tests: nothing is forced to disk, so it is fast and lost when the machine stops. */
  readonly ephemeral?: boolean;
  readonly onOutput?: (text: string) => void;
};

/** A PostgreSQL that serves. */
export type RunningPostgres = { readonly process: GuardedProcess; readonly url: string; readonly dataFolder: string };

/** Starts the PostgreSQL that npm delivers, making its data folder first when there is none. It listens on 127.0.0.1 only. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const identity = postgresIdentity();
  const binaries = postgresBinaries(identity !== null);
  const dataFolder = postgresDataFolder(options.parentFolder, identity);
  if (!existsSync(dataFolder)) await initialise(options, binaries, dataFolder, identity);
  const ready = watchForLine('PostgreSQL', 'database system is ready to accept connections', readyWithinMs);
  const process = await spawnGuarded({
    command: join(binaries, 'bin/postgres'),
    args: [
      '-D',
      dataFolder,
      ...Object.entries(settings(options)).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    cwd: '/',
    env: environment,
    identity,
    stopSignal: 'INT',
    lastSignal: 'QUIT',
    stopWithinSeconds: 10,
    onOutput(text) {
      ready.see(text);
      options.onOutput?.(text);
    },
  });
  await ready.wait(process);
  const url = `postgres://postgres:${options.password}@127.0.0.1:${options.port}/postgres`;
  return { process, url, dataFolder };
}

const environment = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' };

function settings({ port, ephemeral }: PostgresOptions): Record<string, string | number> {
  const served = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '', // a deep folder would be longer than a socket's name may be
    max_connections: maxConnections,
    log_error_verbosity: 'terse', // the detail of an error quotes rows
    // A district is written at once, now and then: with the defaults it is checkpointed, and its pages are logged whole, several times.
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    wal_buffers: '64MB', // else whoever writes much writes the log too, in the midst of its statement
    checkpoint_timeout: '15min',
    random_page_cost: 1.1, // no disk turns any more: with the default the planner reads whole tables for a few hundred rows
  };
  const notForced = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '1GB' };
  return ephemeral ? { ...served, ...notForced } : served;
}

async function initialise(
  { password, ephemeral }: PostgresOptions,
  binaries: string,
  dataFolder: string,
  identity: Identity | null,
): Promise<void> {
  const unfinished = `${dataFolder}.new`;
  rmSync(unfinished, { recursive: true, force: true }); // of a first start that was cut short
  makePrivateFolder(unfinished, identity);
  const passwordFile = `${dataFolder}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (identity) chownSync(passwordFile, identity.uid, identity.gid);
  const locale = ['--locale=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  const access = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const args = ['-D', unfinished, ...access, ...locale, ...(ephemeral ? ['--no-sync'] : [])];
  try {
    await promisify(execFile)(join(binaries, 'bin/initdb'), args, { cwd: '/', env: environment, ...identity });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, dataFolder);
}
