import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@bijli/testing/until';

const repository = join(import.meta.dirname, '..');
const startWithinMs = 240_000;
const stopWithinMs = 60_000;

/** The system as `npm start` runs it, on ports and data of the test's own. */
export type StartedSystem = {
  readonly dataFolder: string;
  /** Address of a service's HTTP, by distance from the base port. */
  readonly registry: string;
  readonly outage: string;
  readonly notifier: string;
  readonly simulator: string;
  readonly basePort: number;
  /** Process id of the start command. */
  readonly pid: number;
  output(): string;
  stop(): Promise<void>;
};

/** Starts the system and resolves when it says that it is ready. */
export async function startSystem(basePort: number, env: Record<string, string> = {}): Promise<StartedSystem> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'bijli-e2e-'));
  // Open to everybody, so that PostgreSQL's files lie in it for root's tests too: what is searched for a leak is then all there is.
  chmodSync(dataFolder, 0o755);
  const child = spawn(process.execPath, ['--conditions=bijli-source', 'scripts/start/main.ts'], {
    cwd: repository,
    env: { ...asAUserHasIt(process.env), ...env, BIJLI_PORT: String(basePort), BIJLI_DATA: dataFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = outputOf(child);
  const at = (offset: number) => `http://127.0.0.1:${basePort + offset}`;
  await until(() => /^ready\b/m.test(output()), {
    deadlineMs: startWithinMs,
    describe: () => `the system to be ready, it said:\n${output()}`,
    hopeless: () => (child.exitCode === null ? undefined : `the start command ended with ${child.exitCode}`),
  }).catch(async (error: unknown) => {
    // Nobody else knows of it yet: left alone it would keep its ports.
    await stop(child, dataFolder);
    throw error;
  });
  return {
    dataFolder,
    registry: at(1),
    outage: at(2),
    notifier: at(5),
    simulator: at(6),
    basePort,
    pid: child.pid ?? 0,
    output,
    stop: () => stop(child, dataFolder),
  };
}

/** Without what npm, Jest and other tests put into it. */
function asAUserHasIt(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const notTheUsers = /^(npm_|JEST_|TEST_|BIJLI_|NODE_ENV$|NODE_OPTIONS$|DATABASE_URL$|KAFKA_BROKERS$)/;
  const users = Object.entries(env).filter(([name]) => !notTheUsers.test(name));
  return { ...Object.fromEntries(users), NO_COLOR: '1' };
}

function outputOf(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.on('data', (data: Buffer) => (text += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (text += data.toString()));
  return () => text;
}

async function stop(child: ChildProcess, dataFolder: string): Promise<void> {
  child.kill('SIGTERM');
  await until(() => child.exitCode !== null || child.signalCode !== null, {
    deadlineMs: stopWithinMs,
    describe: 'the system to stop',
  });
  rmSync(dataFolder, { recursive: true, force: true });
}

/** Every file below a folder, as bytes. Who writes there goes on: a file may be gone before it is read. */
export function filesBelow(folder: string): { path: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => bytesOf(path).map((bytes) => ({ path, bytes })));
}

function bytesOf(path: string): Buffer[] {
  try {
    return [readFileSync(path)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Sends JSON and gives the answer; fails on an answer that was not expected. */
export async function call<T>(
  method: string,
  url: string,
  body?: unknown,
  expected: readonly number[] = [200, 201],
): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!expected.includes(answer.status))
    throw new Error(`${method} ${new URL(url).pathname} answered ${answer.status}: ${text}`);
  return JSON.parse(text) as T;
}
