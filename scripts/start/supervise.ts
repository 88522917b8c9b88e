import { openBoundedFile } from './bounded-file.ts';
import type { GuardedProcess, ProcessEnd } from './guarded-process.ts';

const firstPauseMs = 250;
const longestPauseMs = 30_000;
const soundAfterMs = 60_000; // who ran that long starts again without delay
const logBytes = 20e6;

/** Something that is to run as long as we do. */
export type Supervision = {
  readonly name: string;
  readonly logFile: string;
  /** How often it had to be started again. */
  restarts(): number;
  /** Stops it for good. */
  stop(): Promise<void>;
};

/** Starts a process, giving all it prints to `onOutput`, and resolves when it runs. */
export type Launch = (onOutput: (text: string) => void) => Promise<GuardedProcess>;

/**
 * Keeps a process running: one that ends is started again, at once the first time, with growing pauses when it keeps ending.
 * @param onRestart is told of each restart, for the user to see.
 * @throws what the first launch throws; later ones count as another end.
 */
export async function supervise(
  { name, logFile, launch }: { name: string; logFile: string; launch: Launch },
  onRestart: (name: string, why: string) => void,
): Promise<Supervision> {
  const log = openBoundedFile(logFile, logBytes);
  const state = { restarts: 0, stopping: false, wake: (): void => {} };
  let running = await launch(log.append);
  const over = keepRunning();

  async function keepRunning(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!state.stopping) {
      const began = performance.now();
      const end = await running.ended;
      if (state.stopping) return;
      pauseMs = performance.now() - began > soundAfterMs ? firstPauseMs : pauseMs;
      onRestart(name, describeEnd(end));
      await new Promise<void>((resolve) => {
        state.wake = resolve;
        setTimeout(resolve, pauseMs).unref();
      });
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      if (!state.stopping) await again();
    }
  }

  async function again(): Promise<void> {
    state.restarts += 1;
    try {
      running = await launch(log.append);
      if (state.stopping) await running.stop();
    } catch (fault) {
      log.append(`${String(fault)}\n`);
    }
  }

  return {
    name,
    logFile,
    restarts: () => state.restarts,
    async stop() {
      state.stopping = true;
      state.wake();
      await running.stop();
      await over;
      log.close();
    },
  };
}

function describeEnd({ code, signal }: ProcessEnd): string {
  return signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
}
