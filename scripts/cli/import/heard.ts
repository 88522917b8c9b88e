import { ImportProblem } from './import-problem.ts';

/** How many events of the registry a notifier has handled since it was started, and whom it could tell. */
export type Heard = {
  readonly startedAt: number;
  readonly nodes: number;
  readonly connections: number;
  /** Of those, the ones that it could not handle. */
  readonly dead: number;
};

/** Whom a notifier could tell now. */
export type Audience = { readonly connections: number; readonly contacts: number; readonly reachable: number };

const answerWithinMs = 30_000;
const outcomes = ['applied', 'superseded', 'erased', 'dead'];

/**
 * Asks a notifier how much it has heard.
 * @throws ImportProblem when it does not answer.
 */
export async function readHeard(notifier: string): Promise<Heard> {
  const metrics = await ask(`${notifier}/metrics`);
  const value = (name: string, labels = ''): number =>
    Number(new RegExp(`^${name}\\{[^}]*${labels}[^}]*\\} (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0);
  const became = (subscription: string, outcome: string): number =>
    value(`bijli_subscription_${outcome}_total`, `subscription="${subscription}"`);
  const handled = (subscription: string): number =>
    outcomes.reduce((sum, outcome) => sum + became(subscription, outcome), 0);
  return {
    startedAt: value('process_start_time_seconds'),
    nodes: handled('network'),
    connections: handled('audience'),
    dead: became('network', 'dead') + became('audience', 'dead'),
  };
}

/** Asks a notifier whom it could tell. @throws ImportProblem when it does not answer. */
export async function readAudience(notifier: string): Promise<Audience> {
  return JSON.parse(await ask(`${notifier}/v1/audience`)) as Audience;
}

async function ask(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) }).catch((cause: unknown) => {
    const fix = 'start the system (npm start), or say where it is (--notifier URL)';
    throw new ImportProblem(`notifier does not answer at ${new URL(url).origin}: ${fix}.`, { cause });
  });
  const body = await response.text();
  if (!response.ok) throw new ImportProblem(`notifier answers ${response.status} at ${url}: its log says why.`);
  return body;
}
