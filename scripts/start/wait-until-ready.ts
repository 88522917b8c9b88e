import { readFileSync } from 'node:fs';
import { StartProblem } from './problem.ts';
import type { Supervision } from './supervise.ts';

const pauseMs = 100;
const requestTimeoutMs = 5_000;
const readyWithinMs = 90_000;
const hopelessAfterRestarts = 4;
const quotedLines = 8;

/**
 * Waits until a process answers 200 at its readiness page.
 * @throws StartProblem with the end of its log when it keeps ending or is not ready in time.
 */
export async function waitUntilReady(supervision: Supervision, url: string): Promise<void> {
  const deadline = performance.now() + readyWithinMs;
  for (;;) {
    const answer = await ask(url);
    if (answer === 'ready') return;
    if (supervision.restarts() >= hopelessAfterRestarts) throw problem(supervision, 'ends again and again');
    if (performance.now() >= deadline)
      throw problem(supervision, `is not ready after ${readyWithinMs / 1_000} s (${answer})`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(requestTimeoutMs) });
    const body = await response.text();
    return response.ok ? 'ready' : body;
  } catch {
    return 'it does not answer';
  }
}

function problem({ name, logFile }: Supervision, what: string): StartProblem {
  const end = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-quotedLines).join('\n');
  return new StartProblem(`${name} ${what}: the end of ${logFile} says why.\n${end}`);
}
