import { setTimeout as wait } from 'node:timers/promises';
import type { Opened } from './control-room.ts';
import { besideFeeder, besideHandset } from './district.ts';
import { monotonicSeconds, type Submit } from './sink.ts';
import type { Bed } from './test-bed.ts';

const LOOK_EVERY_MS = 10;
const GIVE_UP_AFTER_S = 120;

/** Seconds from the answer of the control room until the sink had the first text of a feeder and the last, and how many parts they were. */
export type FeederRun = { readonly first: number; readonly last: number; readonly parts: number };

/** Tells a feeder beside the district of a cut, and then, not measured, of its end: what it is told next is news to it again. */
export async function tellFeeder(bed: Bed, feeder: number): Promise<FeederRun> {
  const { control, sink } = bed;
  const place = await sink.end();
  const opened = await control.report([besideFeeder(feeder)]);
  await control.untilComplete(opened);
  const run = runIn(await sink.since(place), handsetsOf(bed, feeder), opened);
  await control.untilComplete(await control.restore(opened));
  if (run === null) throw new Error(`feeder ${feeder} was told nothing`);
  return run;
}

/**
 * Says something of the district, and while it is told tells one feeder after the other of a cut. Only those whose first or
 * last text, whichever is asked for, was before the district's last count. All is over when it resolves.
 */
export async function tellFeedersDuring(
  bed: Bed,
  say: () => Promise<Opened>,
  takeBack: (district: Opened) => Promise<Opened>,
  which: 'first' | 'last',
): Promise<FeederRun[]> {
  const { beside, control, sink } = bed;
  const place = await sink.end();
  const district = await say();
  await untilSubmitted(bed, place);
  const cuts: Opened[] = [];
  for (let feeder = 0; feeder < beside.feeders; feeder += 1) {
    const cut = await control.report([besideFeeder(feeder)]);
    cuts.push(cut);
    await control.untilComplete(cut);
    if ((await control.runOf(district))?.state === 'complete') break;
  }
  const submits = await sink.since(place);
  const handsets = cuts.map((_, feeder) => handsetsOf(bed, feeder));
  const ofDistrict = submits.findLast(({ handset }) => !handsets.some((mine) => mine.has(handset)));
  const runs = cuts.flatMap((cut, feeder) => {
    const run = runIn(submits, handsets[feeder] ?? new Set(), cut);
    return run !== null && cut.said + run[which] < (ofDistrict?.at ?? 0) ? [run] : [];
  });
  await control.untilComplete(await takeBack(district));
  for (const cut of cuts) await control.untilComplete(await control.restore(cut));
  return runs;
}

function runIn(submits: readonly Submit[], mine: ReadonlySet<string>, { said }: Opened): FeederRun | null {
  const times = submits.filter(({ handset, at }) => mine.has(handset) && at > said).map(({ at }) => at - said);
  return times.length === 0 ? null : { first: times[0] ?? NaN, last: times.at(-1) ?? NaN, parts: times.length };
}

/** The handsets of a feeder beside the district. */
function handsetsOf({ beside }: Bed, feeder: number): ReadonlySet<string> {
  return new Set(Array.from({ length: beside.peopleEach }, (_, person) => besideHandset(beside, feeder, person)));
}

async function untilSubmitted({ sink }: Bed, place: number): Promise<void> {
  for (const deadline = monotonicSeconds() + GIVE_UP_AFTER_S; (await sink.end()) <= place; ) {
    if (monotonicSeconds() > deadline) throw new Error('nothing was submitted');
    await wait(LOOK_EVERY_MS);
  }
}
