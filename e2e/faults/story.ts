import { until } from '@bijli/testing/until';
import { call } from '../started-system.ts';
import { ask } from './ledger.ts';
import { type Arrival, arrived, timesByMobile } from './smsc-log.ts';
import { type FaultSystem, USUAL_SMSC } from './system.ts';

/** An outage of the whole town, and where in the SMSC's log it begins. */
export type Story = { readonly id: string; readonly version: number; readonly mark: number };

const overWithinMs = 240_000;

/** Says that the whole town is dark. What went again within ten minutes is the same outage, in a later version. */
export async function goDark(system: FaultSystem, nodeId = system.zone): Promise<Story> {
  const mark = system.smsc.mark();
  const outage = { nodeIds: [nodeId], cause: 'storm' };
  const { id, version } = await call<Story>('POST', `${system.urlOf('outage')}/v1/outages`, outage);
  return { id, version, mark };
}

/** Says that supply is back, for as long as the outage service does not answer. @returns the same outage, in the version that says so. */
export async function bringBack(system: FaultSystem, { id }: Pick<Story, 'id'>): Promise<Story> {
  const mark = system.smsc.mark();
  const url = `${system.urlOf('outage')}/v1/outages/${id}/restoration`;
  const { version } = await until(() => call<Story>('POST', url, {}), { describe: 'the restoration to be taken' });
  return { id, version, mark };
}

/** What came since a story began, of some kinds of texts; refusals of the SMSC are left out. */
export function textsOf({ smsc }: FaultSystem, { mark }: Pick<Story, 'mark'>, ...families: string[]): Arrival[] {
  return arrived(smsc.since(mark)).filter(({ family }) => families.includes(family));
}

/** Waits until a share of the town has had its text. */
export async function untilTold(system: FaultSystem, story: Story, share: number): Promise<void> {
  const wanted = Math.floor(system.people.length * share);
  await until(() => timesByMobile(textsOf(system, story, 'unplanned')).size >= wanted, {
    deadlineMs: overWithinMs,
    describe: () => `${wanted} to be told, ${timesByMobile(textsOf(system, story, 'unplanned')).size} are`,
  });
}

/** Waits until the run of a version, and those before it, have ended. */
export async function untilOver(system: FaultSystem, { id, version }: Story, withinMs = overWithinMs): Promise<void> {
  const open = `select revision::int, state, ended_at from run where thread_id = $1 order by revision`;
  let runs: { revision: number; state: string; ended_at: Date | null }[] = [];
  await until(
    async () => {
      runs = await ask(system.database('notifier'), open, [`outage:${id}`]);
      return runs.some(({ revision }) => revision === version) && runs.every(({ ended_at: at }) => at !== null);
    },
    { deadlineMs: withinMs, describe: () => `the run of version ${version} to end: ${JSON.stringify(runs)}` },
  );
}

/** When the notifier planned the run of a version: after this instant what it falsifies is false. Milliseconds since 1970. */
export async function plannedAt(system: FaultSystem, { id, version }: Story): Promise<number> {
  const sql = 'select planned_at from run where thread_id = $1 and revision = $2';
  const find = () => ask<{ planned_at: Date }>(system.database('notifier'), sql, [`outage:${id}`, version]);
  const rows = await until(
    async () => {
      const found = await find();
      return found.length > 0 ? found : undefined;
    },
    { describe: `the run of version ${version} to be planned` },
  );
  return rows[0]?.planned_at.getTime() ?? 0;
}

/** When the first text after an instant came, milliseconds after it; infinite when none did. */
export function firstAfter(arrivals: readonly Arrival[], at: number): number {
  return (arrivals.find((one) => one.at > at)?.at ?? Number.POSITIVE_INFINITY) - at;
}

/** Changes how the simulator behaves; what is left out is as usual. */
export async function behave(system: FaultSystem, knobs: Readonly<Record<string, unknown>>): Promise<void> {
  await call('PUT', `${system.urlOf('sms-simulator')}/v1/behaviour`, { ...USUAL_SMSC, ...knobs });
}

/** Waits until a service says that it is ready. */
export async function untilServes(system: FaultSystem, name: Parameters<FaultSystem['urlOf']>[0]): Promise<void> {
  await until(async () => (await fetch(`${system.urlOf(name)}/readyz`)).ok, {
    deadlineMs: 120_000,
    describe: `${name} to be ready`,
  });
}
