import { setTimeout as wait } from 'node:timers/promises';
import { type Audience, type Heard, readAudience, readHeard } from './heard.ts';
import { ImportProblem } from './import-problem.ts';
import { counted, type News } from './news.ts';

/** What a notifier had heard before an import, and how much the import gives it to hear. */
export type Expected = {
  readonly before: Heard;
  readonly audienceBefore: Audience;
  readonly nodes: number;
  readonly connections: number;
  readonly registered: number;
};

/** Whom the notifier could tell, and how many events of the import it could not handle. */
export type Sendable = { readonly audience: Audience; readonly dead: number };

const shortestPauseMs = 500;
/** Asking costs the notifier a count over everybody, so it is asked the less often the longer it takes. */
const pausePerAnswer = 10;
const stalledAfterMs = 120_000;

/**
 * Waits until the notifier has heard of everything that an import brought, so that an outage reported now reaches all of it. One that is
 * away, or is started anew meanwhile, is waited for.
 * @throws ImportProblem when it hears nothing new for two minutes.
 */
export async function awaitAudience(
  notifier: string,
  expected: Expected,
  { news, signal }: { news: News; signal: AbortSignal },
): Promise<Sendable> {
  let latest = 0;
  let movedAt = performance.now();
  for (;;) {
    const askedAt = performance.now();
    const found = await look(notifier, expected).catch(() => null);
    if (found?.sendable) return found.sendable;
    if (found && found.heard !== latest) movedAt = performance.now();
    latest = found?.heard ?? latest;
    const howFar = `${counted(latest)} of ${counted(expected.connections)} connections`;
    news.progress(found ? `notifier: has heard of ${howFar}` : 'notifier: does not answer at the moment');
    if (performance.now() - movedAt > stalledAfterMs) throw new ImportProblem(stalled(howFar));
    await pause(performance.now() - askedAt, signal);
  }
}

/** How many of the import's connections the notifier has heard of, and whom it could tell if that is all of them. */
async function look(notifier: string, expected: Expected): Promise<{ heard: number; sendable: Sendable | null }> {
  const { before, audienceBefore, registered } = expected;
  const now = await readHeard(notifier);
  // One that was started anew counts from nothing; then the audience alone tells.
  const isSame = now.startedAt === before.startedAt;
  const [heard, nodes] = [now.connections - before.connections, now.nodes - before.nodes];
  if (isSame && (heard < expected.connections || nodes < expected.nodes)) return { heard, sendable: null };
  const audience = await readAudience(notifier);
  const dead = isSame ? now.dead - before.dead : 0;
  const arrived = audience.connections - audienceBefore.connections;
  return { heard: isSame ? heard : arrived, sendable: arrived + dead >= registered ? { audience, dead } : null };
}

async function pause(answerMs: number, signal: AbortSignal): Promise<void> {
  await wait(Math.max(shortestPauseMs, pausePerAnswer * answerMs), undefined, { signal }).catch(() => {
    throw new ImportProblem('Stopped: everything is taken, the notifier goes on to hear of it.');
  });
}

const stalled = (howFar: string): string =>
  `Everything is taken, but the notifier has heard of ${howFar} and of nothing new for two minutes: its /readyz and npm run dead-letters say why.`;
