import { setTimeout as wait } from 'node:timers/promises';
import { type Audience, type Heard, readAudience, readHeard } from './heard.ts';
import { ImportProblem } from './import-problem.ts';
import { counted, type News } from './news.ts';

/** What a notifier had heard before an import, and how much the import gives it to hear. */
export type Expected = {
  before: Heard;
  audienceBefore: Audience;
  nodes: number;
  connections: number;
  registered: number;
};

const shortestPauseMs = 500;
/** Asking costs the notifier a count over everybody, so it is asked the less often the longer it takes. */
const pausePerAnswer = 10;
const stalledAfterMs = 120_000;

/**
 * Waits until the notifier has heard of everything that an import brought, so that an outage reported now reaches all of it.
 * @throws ImportProblem when it hears nothing new for two minutes.
 */
export async function awaitAudience(
  notifier: string,
  expected: Expected,
  { news, signal }: { news: News; signal: AbortSignal },
): Promise<Audience> {
  let latest = -1;
  let movedAt = performance.now();
  for (;;) {
    const askedAt = performance.now();
    const heard = since(expected.before, await readHeard(notifier));
    if (heard.nodes >= expected.nodes && heard.connections >= expected.connections) {
      const audience = await readAudience(notifier);
      if (audience.connections >= expected.audienceBefore.connections + expected.registered) return audience;
    }
    news.progress(
      `notifier: has heard of ${counted(Math.min(heard.connections, expected.connections))} of ${counted(expected.connections)} connections`,
    );
    if (heard.connections !== latest) movedAt = performance.now();
    latest = heard.connections;
    if (performance.now() - movedAt > stalledAfterMs) throw new ImportProblem(stalled(latest, expected.connections));
    const pauseMs = Math.max(shortestPauseMs, pausePerAnswer * (performance.now() - askedAt));
    await wait(pauseMs, undefined, { signal }).catch(() => {
      throw new ImportProblem('Stopped: everything is taken, the notifier goes on to hear of it.');
    });
  }
}

/** What was heard since then. One that was started anew counts from nothing; then the audience alone tells. */
function since(before: Heard, now: Heard): Pick<Heard, 'nodes' | 'connections'> {
  if (now.startedAt !== before.startedAt) return { nodes: Infinity, connections: Infinity };
  return { nodes: now.nodes - before.nodes, connections: now.connections - before.connections };
}

const stalled = (heard: number, expected: number): string =>
  `Everything is taken, but the notifier has heard of ${counted(heard)} of ${counted(expected)} connections and of nothing new for two minutes: its /readyz and npm run dead-letters say why.`;
