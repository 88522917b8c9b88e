import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import pg from 'pg';
import { within } from './within.ts';

const repository = join(import.meta.dirname, '..');
const POSTGRES = 10;
const [START_WITHIN_S, STOP_WITHIN_S] = [300, 120];

/** A system as `npm start` runs it, with data of its own. */
export type OwnSystem = { readonly dataFolder: string; readonly basePort: number; stop(): Promise<void> };

/** What is different from how a user starts it. */
export type OwnSettings = {
  /** Variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Changes PostgreSQL as its administrator; the system is started once more after it. */
  readonly prepare?: (system: OwnSystem) => Promise<void>;
};

/** Starts a system that has nothing but the town, or nothing at all where `env` names an SMSC, and resolves when it is ready. */
export async function startOwnSystem(basePort: number, settings: OwnSettings = {}): Promise<OwnSystem> {
  const { env = {}, prepare } = settings;
  const dataFolder = await mkdtemp(join(tmpdir(), 'bijli-bench-'));
  let child: ChildProcess | undefined;
  const end = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await within(STOP_WITHIN_S, 'the stop of the system', ended);
  };
  const system: OwnSystem = {
    dataFolder,
    basePort,
    stop: async () => {
      await end();
      await rm(dataFolder, { recursive: true });
    },
  };
  try {
    child = await start(system, env);
    if (prepare !== undefined) {
      await prepare(system);
      await end();
      child = await start(system, env);
    }
    return system;
  } catch (error) {
    await system.stop();
    throw error;
  }
}

async function start(
  { dataFolder, basePort }: OwnSystem,
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--conditions=bijli-source', 'scripts/start/main.ts'], {
    cwd: repository,
    env: { ...process.env, ...env, BIJLI_PORT: String(basePort), BIJLI_DATA: dataFolder, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await within(START_WITHIN_S, 'the start of the system', untilReady(child.stdout), () => child.kill('SIGTERM'));
  return child;
}

async function untilReady(stdout: Readable): Promise<void> {
  for await (const line of createInterface({ input: stdout })) {
    if (!line.startsWith('ready ')) continue;
    stdout.resume();
    return;
  }
  throw new Error('the system did not start');
}

/** Names a database of a started system and a role that its start made; `postgres` is the administrator. */
export async function databaseUrl(system: OwnSystem, database: string, role: string): Promise<string> {
  const password = (await readFile(join(system.dataFolder, `secrets/${role}-password`), 'utf8')).trim();
  return `postgres://${role}:${password}@127.0.0.1:${system.basePort + POSTGRES}/${database}`;
}

/** Connects to it. */
export async function connectTo(system: OwnSystem, database: string, role: string): Promise<pg.Client> {
  const client = new pg.Client(await databaseUrl(system, database, role));
  client.on('error', () => undefined); // the system stops before we let go
  await client.connect();
  return client;
}
