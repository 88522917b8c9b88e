import { call } from '../started-system.ts';
import { type Allowance, compareTold } from './compare-told.ts';
import { atMost, exactly, type Finding, told } from './fault-case.ts';
import { type LedgerRow, readLedger } from './ledger.ts';
import { timesByMobile } from './smsc-log.ts';
import { bringBack, plannedAt, type Story, textsOf, untilOver } from './story.ts';
import type { FaultSystem } from './system.ts';

/** Compares what the SMSC got of a cut with the town and with the ledger, mobile by mobile. */
export async function judgeTold(system: FaultSystem, story: Story, allowance: Allowance = {}): Promise<Finding[]> {
  const times = timesByMobile(textsOf(system, story, 'unplanned'));
  const carriers = carriersOf(await readLedger(system.database('notifier'), story.id), story.version);
  const each = system.people.map(({ mobile }) => ({
    times: times.get(mobile) ?? 0,
    rows: carriers.get(system.indexOf(mobile)) ?? [],
  }));
  const known = new Set(system.people.map(({ mobile }) => mobile));
  const strangers = [...times.keys()].filter((mobile) => !known.has(mobile));
  return [
    ...compareTold(each, allowance),
    exactly('strangers told', strangers.length, 0),
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

const HEARD_MS = 60_000; // P8, of Kafka, the slowest

/** Says that supply is back and compares who hears of it with who was told that it went (P6, P10). */
export async function endStory(system: FaultSystem, story: Story): Promise<Finding[]> {
  const at = Date.now();
  const back = await bringBack(system, story);
  await untilOver(system, back);
  const plannedMs = (await plannedAt(system, back)) - at;
  return [
    ...(await judgeRestored(system, story, back)),
    atMost('until the notifier had heard of the return', plannedMs, HEARD_MS, ' ms'),
  ];
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
