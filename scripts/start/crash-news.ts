import { setTimeout as wait } from 'node:timers/promises';
import { askReady } from './ask-ready.ts';

const pauseMs = 500;
/** What stayed up for so long has come back; an end after it is a new one. */
const soundAfterMs = 60_000;

/** Tells the user of one process what it does by itself. */
export type CrashNews = {
  /** It ended so, with these words of its own, and is started again. */
  ended(how: string, words: string | null): void;
  /** It is stopped on purpose: whether it comes back is no news any more. */
  stop(): void;
};

/** What is told of: where its log is, and the page that says when it is back. Without that page nobody says so. */
export type ToldOf = { readonly name: string; readonly logFile: string; readonly readyAt?: string | undefined };

/**
 * Makes the news of one process. The first end is told with its words and where the log is; of ends that follow each other with the same
 * words only the second, fourth, eighth … is, so that a night of them can be read. It is told as well when the process is back: at once, or
 * when it has stayed for a minute where it was not told that it went.
 */
export function crashNews({ name, logFile, readyAt }: ToldOf, say: (line: string) => void): CrashNews {
  let latest = '';
  let times = 0;
  let ends = 0;
  let backSince = Number.POSITIVE_INFINITY;
  let stopped = false;

  async function sayWhenBack(url: string, end: number): Promise<void> {
    const isNews = (): boolean => !stopped && end === ends;
    while (isNews() && (await askReady(url)) !== null) await wait(pauseMs, undefined, { ref: false });
    if (!isNews()) return;
    backSince = performance.now();
    if (!isPowerOfTwo(times)) await wait(soundAfterMs, undefined, { ref: false });
    if (isNews()) say(`  ${name} is ready again`);
  }

  return {
    ended: (how, words) => {
      const news = `${how} ${words ?? ''}`;
      const wasSound = performance.now() - backSince > soundAfterMs;
      times = news === latest && !wasSound ? times + 1 : 1;
      latest = news;
      ends += 1;
      backSince = Number.POSITIVE_INFINITY;
      if (isPowerOfTwo(times)) {
        say(`  ${name} ${how}: starting it again${times === 1 ? '' : ` (${times} times in a row)`}`);
        if (words !== null) say(`    ${words}`);
        if (words !== null && times === 1) say(`    its log: ${logFile}`);
      }
      if (!stopped && readyAt !== undefined) void sayWhenBack(readyAt, ends);
    },
    stop: () => {
      stopped = true;
    },
  };
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
