import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { mostInASecond } from '@bijli/e2e/faults/smsc-log';
import { type Asked, type Figure, figureOf } from '../figures.ts';
import { heardAt, openOutageRuns, threadsOfIds } from '../ledger-questions.ts';
import { coreSecondsByPart, usedBetween } from '../processes.ts';
import { causesOf } from '../storm/causes.ts';
import { classTable, rowsByClass } from '../storm/by-class.ts';
import { readPeople } from '../storm/people.ts';
import { playStorm, type StormPlan, type ToldOutage } from '../storm/story.ts';
import { type Cut, findUntruths, reachOf, type Untruth, type UntruthKind } from '../storm/untrue.ts';
import type { Bench, Tapped } from '../test-bed.ts';

/** Parts a second of the contract. */
const CONTRACT = { full: 100, quick: 400 };
const MINUTE = 60;
const FULL: StormPlan = {
  ...{ outages: 300, reportedBy: 10, moved: { from: 3 * MINUTE, to: 4 * MINUTE }, passes: 8 * MINUTE },
  ...{ restored: { from: 5 * MINUTE, to: 25 * MINUTE }, planned: 10 * MINUTE },
  complaints: { from: 10 * MINUTE, to: 12 * MINUTE, count: 40 },
  payments: { from: 12 * MINUTE, to: 15 * MINUTE, count: 100 },
};
const QUICK: StormPlan = {
  ...{ outages: 12, reportedBy: 1, moved: { from: 3, to: 5 }, passes: 1 },
  ...{ restored: { from: 6, to: 20 }, planned: 8 },
  complaints: { from: 8, to: 10, count: 10 },
  payments: { from: 10, to: 13, count: 20 },
};
const AS_SHIPPED = { SMPP_WINDOW: '50', SMPP_BINDS: '1' };
const SECOND_MS = 1_000;
/** Of a storm that goes wrong, more of them say no more. */
const UNTRUTHS_TOLD = 1_000;
const LOOK_EVERY_MS = 1_000;
const RECORDED_WITHIN_MS = 20_000;
const GIVE_UP_AFTER_MS = 1_800_000;
/** The most seconds that something is said after the notifier has heard that it is not so. */
const STALE_S = 2;

/** G16: a storm under a small contract while a month's bills wait: who hears what when, by class, and whether anybody is told what is not so. */
export async function measureG16(bench: Bench): Promise<Figure[]> {
  const { isFull } = bench.options;
  const contract = isFull ? CONTRACT.full : CONTRACT.quick;
  const bed = await bench.tappedBed({ SMPP_RATE_PARTS_PER_SECOND: String(contract), ...AS_SHIPPED });
  try {
    const people = readPeople(join(bed.folder, 'connections.csv'));
    const before = coreSecondsByPart(bed.system.dataFolder);
    const story = await playStorm(bed, isFull ? FULL : QUICK, people);
    await untilOver(bed);
    const seconds = (Date.now() - story.beganAt) / SECOND_MS;
    const used = usedBetween(before, coreSecondsByPart(bed.system.dataFolder));
    const { texts, partTimes, threads, strays } = await untilRecorded(bed);
    const cuts = await cutsOf(bed, story.outages);
    const untruths = findUntruths(texts, people, cuts);
    const rows = rowsByClass(causesOf(texts, { story, threads, people }));
    const mostParts = mostInASecond(partTimes.map((at) => ({ at })));
    const storm = {
      ...{ outages: story.outages.length, bills: story.bills.count, contract, seconds },
      ...{ parts: partTimes.filter((at) => at >= story.beganAt).length, ...reachOf(texts, people, cuts) },
    };
    bench.details['storm-table'] = {
      ...{ rows, storm, mostParts, strays, partsEachMinute: eachMinute(partTimes, story.beganAt) },
      ...{ untruths: untruths.slice(0, UNTRUTHS_TOLD), coreSeconds: Object.fromEntries(used) },
    };
    bench.tables.push(classTable(rows, storm));
    return figuresOf(untruths, { contract, mostParts, strays });
  } finally {
    await bed.stop();
  }
}

function figuresOf(
  untruths: readonly Untruth[],
  { contract, mostParts, strays }: { readonly contract: number; readonly mostParts: number; readonly strays: number },
): Figure[] {
  const figure = (what: string, value: number, asked: Partial<Asked> = {}): Figure =>
    figureOf({ goal: 'G16', what, target: 0, sense: 'at most', unit: 'texts', ...asked }, [value]);
  const countOf = (what: string, kind: UntruthKind): Figure =>
    figure(what, untruths.filter((one) => one.kind === kind).length);
  const latest = (what: string, kind: UntruthKind): Figure => {
    const late = untruths.filter((one) => one.kind === kind);
    const most = late.reduce((sofar, { lateSeconds }) => Math.max(sofar, lateSeconds), 0);
    return figure(what, most, { target: STALE_S, unit: 's', note: `${late.length} texts after it` });
  };
  return [
    latest('off, after the return was heard of', 'off after back'),
    latest('an old time, after the new was heard of', 'old time'),
    countOf('a time that was past', 'past time'),
    countOf('a cut or a time that was never said', 'never said'),
    countOf('back, to who was not told off', 'back untold'),
    countOf('back, while it was off', 'back too soon'),
    countOf('off, and never back', 'never back'),
    countOf('a bill due, after its payment was told', 'due after payment'),
    figure('parts that the ledger and the line do not share', strays, { unit: 'parts' }),
    figure('parts in any second', mostParts, { target: contract, unit: 'parts' }),
  ];
}

async function untilOver({ notifier }: Tapped): Promise<void> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  for (let open = 1; open > 0; open = await openOutageRuns(notifier)) {
    if (performance.now() > deadline) throw new Error(`${open} runs did not end`);
    await wait(LOOK_EVERY_MS);
  }
}

/** The outages with the moments at which the notifier heard of each word of them. */
async function cutsOf({ notifier }: Tapped, outages: readonly ToldOutage[]): Promise<Cut[]> {
  const heard = await heardAt(notifier);
  return outages.map(({ id, nodes, times, restored }) => {
    const heardOf = <Said extends { readonly version: number }>(said: Said): Said & { readonly heardAt: number } => {
      const at = heard.get(`outage:${id}/${said.version}`);
      if (at === undefined) throw new Error(`the notifier did not hear of version ${said.version} of ${id}`);
      return { ...said, heardAt: at };
    };
    return { id, nodes, times: times.map(heardOf), restored: heardOf(restored) };
  });
}

/** Stops all sending, and reads what passed until the ledger has it too; `strays` are ids of the SMSC that one of them lacks all the same. */
async function untilRecorded({ control, notifier, tap }: Tapped) {
  await control.setSending(true);
  for (const deadline = performance.now() + RECORDED_WITHIN_MS; ; ) {
    const passed = await tap.texts();
    const threads = await threadsOfIds(notifier);
    const ids = new Set(passed.texts.flatMap((text) => text.ids));
    const strays =
      [...ids].filter((id) => !threads.has(id)).length + [...threads.keys()].filter((id) => !ids.has(id)).length;
    if (strays === 0 || performance.now() > deadline) return { ...passed, threads, strays };
    await wait(LOOK_EVERY_MS);
  }
}

function eachMinute(partTimes: readonly number[], beganAt: number): number[] {
  const minutes: number[] = [];
  for (const at of partTimes) {
    const minute = Math.floor((at - beganAt) / (MINUTE * SECOND_MS));
    if (minute >= 0) minutes[minute] = (minutes[minute] ?? 0) + 1;
  }
  return minutes.map((parts = 0) => parts);
}
