import { createWriteStream } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '@bijli/testing/until';
import type { GuardedProcess } from '@bijli/start/guarded-process';

/** What is changed of a program's variables. */
export type Changes = Readonly<Record<string, string>>;

/** Starts a program with some variables changed, giving all it prints to `onOutput`. */
export type Launch = (changes: Changes, onOutput: (text: string) => void) => Promise<GuardedProcess>;

/** A process that is started again whenever it ends, as the start command does it. */
export type KeptProcess = {
  readonly name: string;
  readonly logFile: string;
  pid(): number;
  /** Sends a signal that ends it, and resolves when it has ended. It is started again. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Ends it in order and starts it with other variables; one more end is expected where they make it end. */
  startWith(changes: Changes, expectedEnds?: number): Promise<void>;
  /** Ends it, in order unless told otherwise, and starts it when the work is done. */
  whileDown<T>(work: () => Promise<T>, signal?: NodeJS.Signals): Promise<T>;
  /** How often it was started. */
  starts(): number;
  /** How often it ended though nobody here asked it to. */
  unaskedEnds(): number;
  stop(): Promise<void>;
};

/** A pause as the start command makes it before the first restart, milliseconds. */
const pauseMs = 250;
const endWithinMs = 60_000;

/** Starts a process and keeps it running. Variables changed by `startWith` are those of one life; the next one has the usual ones. */
export async function keepProcess(name: string, logFile: string, launch: Launch): Promise<KeptProcess> {
  const log = createWriteStream(logFile, { flags: 'a' });
  const state = {
    stopping: false,
    starts: 0,
    expected: 0,
    unasked: 0,
    changes: {} as Changes,
    hold: Promise.resolve<unknown>(undefined),
  };
  let running = await again();
  const over = keep();

  function again(): Promise<GuardedProcess> {
    const { changes } = state;
    Object.assign(state, { starts: state.starts + 1, changes: {} });
    return launch(changes, (text) => log.write(text));
  }
  async function keep(): Promise<void> {
    while (!state.stopping) {
      await running.ended;
      if (state.stopping) return;
      if (state.expected > 0) state.expected -= 1;
      else state.unasked += 1;
      await restart();
    }
  }
  async function restart(): Promise<void> {
    while (!state.stopping) {
      await wait(pauseMs);
      await state.hold;
      if (state.stopping) return;
      try {
        running = await again();
        if (state.stopping) await running.stop();
        return;
      } catch (fault) {
        log.write(`${String(fault)}\n`);
      }
    }
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    state.expected += 1;
    const { ended, pid } = running;
    process.kill(pid, signal);
    await ended;
  }

  return {
    name,
    logFile,
    pid: () => running.pid,
    end,
    startWith: async (changes, expectedEnds = 0) => {
      const before = state.starts;
      state.changes = changes;
      await end('SIGTERM');
      state.expected += expectedEnds;
      await until(() => state.starts > before, { deadlineMs: endWithinMs, describe: `${name} to be started again` });
    },
    whileDown: async (work, signal = 'SIGTERM') => {
      const { promise, resolve } = Promise.withResolvers<void>();
      state.hold = promise;
      try {
        await end(signal);
        return await work();
      } finally {
        resolve();
      }
    },
    starts: () => state.starts,
    unaskedEnds: () => state.unasked,
    stop: async () => {
      state.stopping = true;
      await running.stop();
      await over;
      log.end();
    },
  };
}
