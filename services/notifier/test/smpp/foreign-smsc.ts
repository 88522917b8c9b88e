import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from '@jest/globals';
import { until } from '@bijli/testing';

/** A line that the foreign SMSC says (e2e/foreign-smsc/ForeignSmsc.java); which fields there are depends on `what`. */
export type Said = {
  readonly what: string;
  readonly at: number;
  [field: string]: string | number;
};

/** jSMPP as a process of its own: an SMSC that none of us wrote. */
export type ForeignSmsc = {
  readonly port: number;
  /** All that it said since `forget`, of one kind. */
  said(what: string): Said[];
  forget(): void;
  /** Changes its ways, for example `answers no`, or ends its sessions: `sessions close`. Resolves when it has. */
  tell(way: string): Promise<void>;
  stop(): Promise<void>;
};

const script = join(__dirname, '../../../../e2e/foreign-smsc/main.ts');
const node = [process.execPath, '--conditions=bijli-source', script] as const;
const PREPARE_WITHIN_MS = 120_000;
const CANNOT_RUN_HERE = 3; // its main.ts

/** Describes tests that need the foreign SMSC; where it cannot run they are skipped, with the reason in their name. */
export function describeWithForeignSmsc(name: string, tests: () => void): void {
  const [program, ...args] = node;
  // While tests are declared nothing can be waited for.
  const { status, stderr } = spawnSync(program, [...args, '--prepare'], {
    encoding: 'utf8',
    timeout: PREPARE_WITHIN_MS,
  });
  if (status === 0) return describe(name, tests);
  if (status !== CANNOT_RUN_HERE) throw new Error(`the foreign SMSC could not be prepared:\n${stderr}`);
  const reason = (stderr ?? '').trim().split('\n').at(-1) ?? '';
  console.warn(`SKIPPED: ${name}: ${reason}`);
  // Jest wants a test to skip: it is counted and named in the summary.
  describe.skip(`${name} (skipped: ${reason})`, () => test('runs', () => {}));
}

/** Starts it on a free port, for the account that `testLink` binds as. */
export async function startForeignSmsc(): Promise<ForeignSmsc> {
  const port = await freePort();
  const [program, ...args] = node;
  const child = spawn(program, [...args, String(port), 'bijli', 'secret'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let lines: Said[] = [];
  let told = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as Said;
    if (said.what === 'told') told += 1;
    else lines.push(said);
  });
  await until(() => lines.length > 0, {
    deadlineMs: 60_000,
    describe: 'the foreign SMSC to listen',
    hopeless: () => (child.exitCode === null ? undefined : `it ended with ${child.exitCode}`),
  });
  return {
    port,
    said: (what) => lines.filter((line) => line.what === what),
    forget: () => {
      lines = [];
    },
    tell: async (way) => {
      const before = told;
      child.stdin.write(`${way}\n`);
      await until(() => told > before, { describe: `the foreign SMSC to hear "${way}"` });
    },
    stop: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.stdin?.end();
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
