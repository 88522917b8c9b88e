import { setTimeout as wait } from 'node:timers/promises';
import { openBoundedFile } from '@bijli/service/bounded-file';
import type { GuardedProcess, ProcessEnd } from './guarded-process.ts';
import { lastWordsIn } from './last-words.ts';
import { linesOf } from './lines.ts';

const firstPauseMs = 250;
const longestPauseMs = 30_000;
const soundAfterMs = 60_000; // who ran that long starts again without delay
const logBytes = 20e6;
/** A stack of Node with its source lines is far shorter. */
const keptCharacters = 64_000;
/** Last words come after the end; something that the process started may hold its output open for ever. */
const silentWithinMs = 1_000;

/** Something that is to run as long as we do. */
export type Supervision = {
  readonly name: string;
  readonly logFile: string;
  /** How often it had to be started again. */
  restarts(): number;
  /** By which words it ended last; null when it said none, or has not ended. */
  lastWords(): string | null;
  /** Stops it for good. */
  stop(): Promise<void>;
};

/** Starts a process, giving all it prints to `onOutput`, and resolves when it runs. */
export type Launch = (onOutput: (text: string) => void) => Promise<GuardedProcess>;

/** What a process did by itself. */
export type SupervisionNews = {
  /** It ended, in this way and with these words, and is started again. */
  onEnd(how: string, words: string | null): void;
  /** It printed a line. */
  onLine?(line: string): void;
};

/**
 * Keeps a process running: one that ends is started again, at once the first time, with growing pauses when it keeps ending.
 * @throws what the first launch throws; later ones count as another end.
 */
export async function supervise(
  { name, logFile, launch }: { name: string; logFile: string; launch: Launch },
  news: SupervisionNews,
): Promise<Supervision> {
  const log = openBoundedFile(logFile, logBytes);
  const state = { restarts: 0, stopping: false, said: '', words: null as string | null, wake: (): void => {} };
  let running = await launchAnew();
  const over = keepRunning();

  function launchAnew(): Promise<GuardedProcess> {
    state.said = '';
    const lines = linesOf((line) => news.onLine?.(line));
    return launch((text) => {
      log.append(text);
      state.said = (state.said + text).slice(-keptCharacters);
      lines(text);
    });
  }

  async function keepRunning(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!state.stopping) {
      const began = performance.now();
      const end = await running.ended;
      await Promise.race([running.silent, wait(silentWithinMs, undefined, { ref: false })]);
      if (state.stopping) return;
      pauseMs = performance.now() - began > soundAfterMs ? firstPauseMs : pauseMs;
      state.words = lastWordsIn(state.said)?.words ?? null;
      news.onEnd(describeEnd(end), state.words);
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
      running = await launchAnew();
      if (state.stopping) await running.stop();
    } catch (fault) {
      state.said = `${String(fault)}\n`;
      log.append(state.said);
    }
  }

  return {
    name,
    logFile,
    restarts: () => state.restarts,
    lastWords: () => state.words,
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
