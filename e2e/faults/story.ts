import { until } from '@bijli/testing/until';
import { call } from '../started-system.ts';
import { atMost, exactly, type Finding, told } from './fault-case.ts';
import { ask, type LedgerRow, readLedger } from './ledger.ts';
import { type Arrival, arrived, timesByMobile } from './smsc-log.ts';
import type { FaultSystem } from './system.ts';

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

/** What may have been repeated or be in doubt. */
export type Allowance = { readonly repeats?: number; readonly doubts?: number };

/** Compares what the SMSC got of a cut with the town and with the ledger, mobile by mobile (O1, O3). */
export async function judgeTold(
  system: FaultSystem,
  story: Story,
  { repeats = 0, doubts = 0 }: Allowance = {},
): Promise<Finding[]> {
  const times = timesByMobile(textsOf(system, story, 'unplanned'));
  const carriers = carriersOf(await readLedger(system.database('notifier'), story.id), story.version);
  const each = system.people.map(({ mobile }) => {
    const rows = carriers.get(system.indexOf(mobile)) ?? [];
    return { times: times.get(mobile) ?? 0, rows, row: rows[0] };
  });
  const count = (is: (one: (typeof each)[number]) => boolean): number => each.filter(is).length;
  const known = new Set(system.people.map(({ mobile }) => mobile));
  const repeated = each.reduce((sum, one) => sum + Math.max(0, one.times - 1), 0);
  const inDoubt = count(({ row }) => row?.state === 'in-doubt');
  return [
    told(`${count((one) => one.times > 0)} of ${each.length} mobiles told`),
    atMost(
      'never told and not named',
      count((one) => one.times === 0 && one.row?.state !== 'in-doubt'),
      0,
    ),
    atMost('repeats', repeated, repeats),
    ...(repeats > 0
      ? [
          atMost(
            'repeats that the ledger does not name',
            count((one) => one.times > 1 && one.row?.wasDoubtful !== true),
            0,
          ),
        ]
      : []),
    ...(doubts > 0 || inDoubt > 0 ? [atMost('in doubt at the end', inDoubt, doubts)] : []),
    exactly(
      'mobiles without exactly one row in the ledger',
      count(({ rows }) => rows.length !== 1),
      0,
    ),
    exactly(
      'accepted by the ledger alone',
      count((one) => one.row?.state === 'accepted' && one.times === 0),
      0,
    ),
    exactly('strangers told', [...times.keys()].filter((mobile) => !known.has(mobile)).length, 0),
    ...(await judgeCounts(system, story, carriers)),
  ];
}

/** The one row of each mobile that stands for its text, by the mobile's index. */
function carriersOf(rows: readonly LedgerRow[], version: number): Map<string, LedgerRow[]> {
  const carriers = rows.filter(({ fate, revision }) => fate === 'carrier' && revision === version);
  return Map.groupBy(carriers, ({ index }) => index);
}

/** Compares the counts that the API answers with the rows (P13). */
async function judgeCounts(
  system: FaultSystem,
  { id, version }: Story,
  carriers: ReadonlyMap<string, readonly LedgerRow[]>,
): Promise<Finding[]> {
  const url = `${system.urlOf('notifier')}/v1/runs?outageId=${id}`;
  const { runs } = await call<{ runs: { revision: number; counts: Record<string, number> }[] }>('GET', url);
  const counts = runs.find(({ revision }) => revision === version)?.counts ?? {};
  const inLedger = [...carriers.values()].flat().filter(({ state }) => state === 'accepted').length;
  return [exactly('accepted by the API beyond the ledger', (counts['accepted'] ?? 0) - inLedger, 0)];
}

/** Says that supply is back and compares who hears of it with who was told that it went (P6, P10). */
export async function endStory(system: FaultSystem, story: Story): Promise<Finding[]> {
  const back = await bringBack(system, story);
  await untilOver(system, back);
  return judgeRestored(system, story, back);
}

/** Compares who heard that supply is back with who was told, or may have been told, that it went. */
export async function judgeRestored(system: FaultSystem, story: Story, back: Story): Promise<Finding[]> {
  const dark = timesByMobile(textsOf(system, story, 'unplanned', 'estimate'));
  const restored = timesByMobile(textsOf(system, back, 'restored'));
  const rows = await readLedger(system.database('notifier'), story.id);
  const carriers = carriersOf(rows, back.version);
  const doubtful = new Set(
    rows.filter((row) => row.revision >= story.version && row.wasDoubtful).map(({ index }) => index),
  );
  const missed = [...dark.keys()].filter((mobile) => !restored.has(mobile));
  const named = missed.filter((mobile) => carriers.get(system.indexOf(mobile))?.[0]?.state === 'in-doubt');
  const unasked = [...restored.keys()].filter((mobile) => !dark.has(mobile) && !doubtful.has(system.indexOf(mobile)));
  return [
    told(`${restored.size} told of the return`),
    exactly('told of the cut and not of the return', missed.length - named.length, 0),
    exactly('told of the return alone', unasked.length, 0),
  ];
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

/** Changes how the simulator behaves; what is left out is as in a good SMSC. */
export async function behave(system: FaultSystem, knobs: Readonly<Record<string, unknown>>): Promise<void> {
  await call('PUT', `${system.urlOf('sms-simulator')}/v1/behaviour`, knobs);
}

/** Waits until a service says that it is ready. */
export async function untilServes(system: FaultSystem, name: Parameters<FaultSystem['urlOf']>[0]): Promise<void> {
  await until(async () => (await fetch(`${system.urlOf(name)}/readyz`)).ok, {
    deadlineMs: 120_000,
    describe: `${name} to be ready`,
  });
}
