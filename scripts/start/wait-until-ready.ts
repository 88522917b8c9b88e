import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { askReady } from './ask-ready.ts';
import type { Supervision } from './supervise.ts';

const pauseMs = 100;
const readyWithinMs = 90_000;
/** One end may be bad luck: a port that was not free yet, a server that had just begun. */
const hopelessAfterRestarts = 2;
const quotedLines = 8;

/**
 * Waits until a process answers 200 at its readiness page.
 * @returns null, or in words why it is not: it keeps ending, or its time is up.
 */
export async function waitUntilReady(supervision: Supervision, url: string): Promise<string | null> {
  const deadline = performance.now() + readyWithinMs;
  for (;;) {
    const answer = await askReady(url);
    if (answer === null) return null;
    if (supervision.restarts() >= hopelessAfterRestarts) return `it ends again and again: ${lastWordsOf(supervision)}`;
    if (performance.now() >= deadline) return `it is not ready after ${readyWithinMs / 1_000} s: ${answer}`;
    await wait(pauseMs);
  }
}

function lastWordsOf({ lastWords, logFile }: Supervision): string {
  return lastWords() ?? readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-quotedLines).join('\n');
}
