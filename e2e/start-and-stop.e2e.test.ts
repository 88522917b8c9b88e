import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '@bijli/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  familyOf,
  folderOf,
  freeBasePort,
  listeningPorts,
  type Process,
  stillRunning,
} from './start-and-stop.processes.ts';

const repository = join(import.meta.dirname, '..');
const basePort = freeBasePort();
const lastPort = basePort + 12;
const minute = 60_000;

// What each service answers at /readyz, by its distance from the base port.
const outage = `http://127.0.0.1:${basePort + 2}`;
const notifier = `http://127.0.0.1:${basePort + 5}`;

/** One `npm start` in a terminal of its own. */
type Started = { readonly npm: ChildProcess; readonly output: () => string; readonly family: Process[] };

const place = { data: '' };
const started: Started[] = [];

beforeAll(() => {
  place.data = mkdtempSync(join(tmpdir(), 'bijli start and stop '));
});
afterEach(() => {
  // Only after a test that failed half-way: its processes are known by number and start time.
  for (const { family } of started.splice(0)) for (const { pid } of stillRunning(family)) process.kill(pid, 'SIGKILL');
});
afterAll(() => rmSync(place.data, { recursive: true, force: true }));

/** The environment of a person's shell, not of Jest. */
function shellEnvironment(): NodeJS.ProcessEnv {
  const { NODE_ENV: _, JEST_WORKER_ID: __, NODE_OPTIONS: ___, ...env } = process.env;
  return { ...env, BIJLI_PORT: String(basePort), BIJLI_DATA: place.data, NO_COLOR: '1' };
}

/** Runs npm in a session of its own, as a terminal gives it: npm and what it starts are its foreground group. */
function runNpm(...args: string[]): { npm: ChildProcess; output: () => string } {
  const npm = spawn('npm', args, {
    cwd: repository,
    env: shellEnvironment(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pieces: string[] = [];
  for (const stream of [npm.stdout, npm.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => void pieces.push(text));
  return { npm, output: () => pieces.join('') };
}

async function npmStart(): Promise<Started> {
  const { npm, output } = runNpm('start');
  await until(() => /^ready in /m.test(output()), {
    deadlineMs: 3 * minute,
    describe: () => `the system to be ready; it said\n${output()}`,
    hopeless: () => (npm.exitCode === null ? undefined : `npm start ended with ${npm.exitCode}`),
  });
  const run = { npm, output, family: familyOf(npm.pid ?? 0) };
  started.push(run);
  return run;
}

/** Kills a process that must be there: without a number the signal would go to ourselves. */
function kill(victim: Process | undefined): void {
  if (victim === undefined) throw new Error('the process that was to be killed is not there');
  process.kill(victim.pid, 'SIGKILL');
}

/** The process of this system, and of no other on this machine, whose command holds a text. */
function processOf(text: string, { npm }: Started): Process | undefined {
  return familyOf(npm.pid ?? 0).find(
    ({ pid, command }) =>
      command.includes(text) && folderOf(pid).startsWith(repository) && !command.startsWith('/bin/sh'),
  );
}

async function nothingLeft({ family }: Started): Promise<void> {
  const left = (): string[] => [
    ...stillRunning(family).map(({ pid, command }) => `${pid} ${command.slice(0, 120)}`),
    ...listeningPorts(basePort, lastPort).map((port) => `port ${port}`),
  ];
  await until(() => left().length === 0, {
    deadlineMs: minute,
    describe: () => `nothing to be left of it: ${left().join('; ')}`,
  });
}

async function read<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}

describe('npm start', () => {
  test(
    'brings everything up, starts a killed service again, and Ctrl-C leaves nothing',
    async () => {
      const system = await npmStart();
      expect(listeningPorts(basePort, lastPort)).toHaveLength(12);
      const killed = processOf('services/outage/src/main.ts', system);

      kill(killed);
      const successor = await until(
        () => {
          const found = processOf('services/outage/src/main.ts', system);
          return found && found.pid !== killed?.pid ? found : undefined;
        },
        { deadlineMs: minute, describe: 'another process of the outage service' },
      );
      await until(async () => (await fetch(`${outage}/readyz`)).ok, {
        deadlineMs: minute,
        describe: 'the outage service to be ready',
      });
      expect(system.output()).toContain('outage was ended by SIGKILL: starting it again');

      process.kill(-(system.npm.pid ?? 0), 'SIGINT'); // a terminal sends it to the whole group
      await nothingLeft({ ...system, family: [...system.family, successor] });
      expect(system.output()).toContain('stopping PostgreSQL');
    },
    6 * minute,
  );

  test(
    'is warm the second time, keeps what was there, and SIGTERM to npm leaves nothing',
    async () => {
      const system = await npmStart();

      expect(system.output()).not.toContain('a town to try things on');
      expect(await read(`${notifier}/v1/audience`)).toMatchObject({ connections: 5_000 });

      system.npm.kill('SIGTERM');
      await nothingLeft(system);
    },
    3 * minute,
  );

  test(
    'prints lines to try that work, and kill -9 of npm leaves nothing',
    async () => {
      const system = await npmStart();
      const lines = system
        .output()
        .split('\n')
        .filter((line) => /^ {4}(OUTAGE=|curl )/.test(line));

      const { stdout } = await promisify(execFile)('/bin/sh', [
        '-euc',
        lines.map((line) => `${line}; echo`).join('\n'),
      ]);

      expect(lines).toHaveLength(5);
      expect(stdout.match(/"id":"/g)).toHaveLength(3); // announced, estimated anew, restored
      expect(stdout).toContain('"runs":[');

      system.npm.kill('SIGKILL');
      await nothingLeft(system);
    },
    3 * minute,
  );

  test(
    'leaves nothing after kill -9 of the supervisor',
    async () => {
      const system = await npmStart();
      const supervisor = processOf('--enable-source-maps scripts/start/main.ts', system); // bootstrap names the script too

      kill(supervisor);
      await nothingLeft(system);
    },
    3 * minute,
  );
});

describe('a reader that goes away, as head does when it has its lines', () => {
  /** Waits for what npm has started so far, then stops reading, as the end of `| head` does. */
  async function headOf(args: readonly string[], seen: RegExp): Promise<Started> {
    const { npm, output } = runNpm(...args);
    const family = await until(
      () => {
        const members = familyOf(npm.pid ?? 0);
        return members.some(({ command }) => seen.test(command)) ? members : undefined;
      },
      { deadlineMs: 2 * minute, describe: () => `a process like ${seen}; npm said\n${output()}` },
    );
    const run = { npm, output, family };
    started.push(run);
    npm.stdout?.destroy();
    return run;
  }

  test(
    'ends npm start in order',
    async () => {
      const system = await headOf(['start'], /postgres/);

      await nothingLeft(system);
      await until(() => system.npm.exitCode !== null || system.npm.signalCode !== null, { describe: 'the end of npm' });
      expect([system.npm.exitCode, system.npm.signalCode]).toEqual([0, null]);
    },
    4 * minute,
  );

  test.each([
    ['npm test', ['test', '--', 'libs/units', 'services/notifier/test'], /kafka\.Kafka/],
    ['npm run check', ['run', 'check'], /\btsc\b/],
  ])(
    'ends %s long before its time',
    async (_what, args, seen) => {
      const run = await headOf(args, seen);

      await nothingLeft(run);
      expect(run.npm.exitCode).not.toBe(0);
      expect(run.npm.exitCode).not.toBe(1); // it was ended by a signal, neither passed nor failed
    },
    4 * minute,
  );
});
