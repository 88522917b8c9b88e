import { type Addressee, addressees, connectionsBelow } from '../independent/town.ts';
import type { Row } from '../independent/csv.ts';
import { ask, eventually } from './ask.ts';
import { at, compose, docker } from './docker-compose.ts';
import { compareTold, type SimulatorLog } from './told.ts';

/** The town's files as they were imported, and what the simulated SMSC was given. */
export type Scene = {
  readonly network: readonly Row[];
  readonly connections: readonly Row[];
  readonly log: SimulatorLog;
};

type Run = {
  readonly state: string;
  readonly endedAt: string | null;
  readonly counts: { accepted: number; inDoubt: number; parts: { awaited: number } };
};

// 50 unanswered texts at most are on the link: so slow, a town of 2,800 mobiles outlasts four restarts.
const slowMs = 2_000;
// The notifier finishes what it has begun for five seconds; at two seconds a text that is not enough, and the rest ends in doubt.
const briskMs = 500;

/** Reports an outage of a feeder and waits until everybody is told. */
export async function tellFeeder(scene: Scene, feeder: string): Promise<string> {
  const before = (await scene.log.parts()).length;
  const began = performance.now();
  const id = await reportOutage(feeder);
  await eventually('the first text', async () => (await scene.log.parts()).length > before);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  return `first text after ${seconds} s; ${await verdict(scene, before, feeder, await ended(id))}`;
}

/** Restarts every domain service, one after the other, while an outage of the whole town is told: the notifier last, in its midst. */
export async function restartWhileTelling(scene: Scene): Promise<string> {
  const zone = scene.network.find((node) => node['kind'] === 'zone')?.['code'] ?? '';
  const people = peopleBelow(scene, zone).length;
  const before = (await scene.log.parts()).length;
  const partsSince = async (): Promise<number> => (await scene.log.parts()).length - before;
  await behave({ answerDelayMs: slowMs });
  const id = await reportOutage(zone);
  await eventually('the first text', async () => (await partsSince()) > 0);
  const steps: string[] = [];
  for (const service of ['billing', 'complaint', 'consumer-registry', 'outage', 'notifier']) {
    if (service === 'notifier') await behave({ answerDelayMs: briskMs });
    const began = performance.now();
    await stop(service);
    const parts = await partsSince();
    if (parts >= people) throw new Error(`everybody was told before ${service} was restarted`);
    await compose('up', '--detach', '--wait', '--no-deps', '--force-recreate', service);
    steps.push(`${service} at text ${parts} (${((performance.now() - began) / 1_000).toFixed(1)} s)`);
  }
  await behave({});
  return `${steps.join(', ')}; ${await verdict(scene, before, zone, await ended(id))}`;
}

/** Asks a service to stop (SIGTERM) and sees that it ended well, having finished what it had begun. */
async function stop(service: string): Promise<void> {
  const id = await compose('ps', '--quiet', service);
  await compose('stop', service);
  const code = await docker('inspect', '--format', '{{.State.ExitCode}}', id);
  if (code !== '0') throw new Error(`${service} ended with ${code}`);
}

const peopleBelow = ({ network, connections }: Scene, node: string): Addressee[] =>
  addressees(connectionsBelow(network, connections, node));

async function reportOutage(node: string): Promise<string> {
  const body = { nodeIds: [node], cause: 'storm' };
  return (await ask<{ id: string }>('POST', at('outage', '/v1/outages'), body)).id;
}

const behave = (behaviour: object) => ask('PUT', at('sms-simulator', '/v1/behaviour'), behaviour);

const ended = (outageId: string): Promise<Run> =>
  eventually('the run to end with all its receipts', async () => {
    const { runs } = await ask<{ runs: Run[] }>('GET', at('notifier', `/v1/runs?outageId=${outageId}`));
    return runs.find(({ endedAt, counts }) => endedAt !== null && counts.parts.awaited === 0);
  });

/** By the simulator's log: whom the outage concerns, and nobody else, was told once; and the ledger says so too. */
async function verdict(scene: Scene, before: number, node: string, { state, counts }: Run): Promise<string> {
  const people = peopleBelow(scene, node);
  const { texts, twice, never, strangers } = compareTold((await scene.log.parts()).slice(before), people);
  const bySimulator = `${people.length} mobiles: ${texts} texts, ${twice} twice, ${never} never, ${strangers} to strangers`;
  const line = `${bySimulator}; ledger: ${state}, ${counts.accepted} accepted, ${counts.inDoubt} in doubt`;
  const isRight = twice + never + strangers === 0 && counts.accepted === people.length;
  if (!isRight) throw new Error(line);
  return line;
}
