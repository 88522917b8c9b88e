import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@bijli/testing';
import { type GuardedProcess, spawnGuarded } from './guarded-process.ts';
import { type Launch, type Supervision, supervise } from './supervise.ts';

const place = { folder: '' };
beforeEach(() => {
  place.folder = mkdtempSync(join(tmpdir(), 'supervise-'));
});
afterEach(() => rmSync(place.folder, { recursive: true }));

/** Runs a line of shell, and remembers each process it became. */
function shell(line: string, stopWithinSeconds = 5) {
  const processes: GuardedProcess[] = [];
  const launch: Launch = async (onOutput) => {
    const process = await spawnGuarded({
      command: '/bin/sh',
      args: ['-c', line],
      cwd: place.folder,
      env: { PATH: '/usr/bin:/bin' },
      stopSignal: 'TERM',
      lastSignal: 'KILL',
      stopWithinSeconds,
      onOutput,
    });
    processes.push(process);
    return process;
  };
  return { processes, launch };
}

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}/exe`);

describe('supervise', () => {
  const ends: string[] = [];
  const lines: string[] = [];
  beforeEach(() => {
    ends.splice(0);
    lines.splice(0);
  });
  const supervised = (launch: Launch): Promise<Supervision> =>
    supervise(
      { name: 'lamp', logFile: join(place.folder, 'lamp.log'), launch },
      {
        onEnd: (how, words) => void ends.push(`${how} ${words ?? ''}`.trim()),
        onLine: (line) => void lines.push(line),
      },
    );

  test('starts a process again that was killed, and keeps what it printed', async () => {
    const { processes, launch } = shell('echo lit; exec sleep 60');
    const lamp = await supervised(launch);
    await until(() => readFileSync(lamp.logFile, 'utf8') === 'lit\n', { describe: 'its first words' });

    process.kill(processes[0]?.pid ?? 0, 'SIGKILL');
    await until(() => processes.length === 2, { describe: 'the second process' });
    await until(() => readFileSync(lamp.logFile, 'utf8') === 'lit\nlit\n', { describe: 'its words' });

    expect(ends).toEqual(['was ended by SIGKILL']);
    expect(lines).toEqual(['lit', 'lit']);
    expect(lamp.restarts()).toBe(1);
    await lamp.stop();
  });

  test('waits longer each time for one that keeps ending', async () => {
    const { processes, launch } = shell('exit 3');
    const lamp = await supervised(launch);
    const began = performance.now();

    await until(() => processes.length === 3, { describe: 'the third process' });

    expect(performance.now() - began).toBeGreaterThan(700); // 250 ms, then 500 ms
    expect(ends[0]).toBe('ended with exit code 3');
    await lamp.stop();
  });

  test('tells the last words of each end, of that life only', async () => {
    const { processes, launch } = shell(
      `[ -e once ] && exit 4; : > once; echo '{"level":"fatal","message":"a lamp is broken"}'; echo bye; exit 3`,
    );
    const lamp = await supervised(launch);

    await until(() => ends.length >= 2, { describe: 'the second end' });

    expect(ends.slice(0, 2)).toEqual(['ended with exit code 3 a lamp is broken', 'ended with exit code 4']);
    expect(processes.length).toBeGreaterThanOrEqual(2);
    await lamp.stop();
  });

  test('stops for good, also in the pause before a restart', async () => {
    const { processes, launch } = shell('exit 0');
    const lamp = await supervised(launch);
    await until(() => ends.length > 0, { describe: 'the first end' });

    await lamp.stop();

    expect(processes).toHaveLength(1);
  });
});

describe('a guarded process', () => {
  test('ends by the signal that it likes', async () => {
    const { launch } = shell('trap "exit 7" TERM; echo up; while :; do sleep 0.05; done');
    const output: string[] = [];
    const guarded = await launch((text) => void output.push(text));
    await until(() => output.join('').includes('up'), { describe: 'the process to be up' });

    expect(await guarded.stop()).toEqual({ code: 7, signal: null });
  });

  test('is made to end when it does not want to', async () => {
    const { launch } = shell('trap "" TERM; echo up; while :; do sleep 0.05; done', 1);
    const output: string[] = [];
    const guarded = await launch((text) => void output.push(text));
    await until(() => output.join('').includes('up'), { describe: 'the process to be up' });

    expect(await guarded.stop()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(isRunning(guarded.pid)).toBe(false);
  });

  test('cannot be started when there is no such program', async () => {
    const plan = {
      args: [],
      cwd: '/',
      env: {},
      stopSignal: 'TERM',
      lastSignal: 'KILL',
      stopWithinSeconds: 1,
      onOutput: () => {},
    } as const;
    const guarded = await spawnGuarded({ ...plan, command: '/no/such/program' });

    expect(await guarded.ended).toEqual({ code: 127, signal: null });
  });
});
