import { setTimeout as wait } from 'node:timers/promises';
import type { Opened } from '../control-room.ts';
import { transformerCodes } from '../district.ts';
import { type Figure, figureOf, percentile } from '../figures.ts';
import { firstAccepted } from '../ledger-questions.ts';
import { coreSecondsByPart, usedBetween } from '../processes.ts';
import { type Bench, small } from '../test-bed.ts';

/** Outages, all of them reported at one rate. */
const OUTAGES = { full: 300, quick: 60 };
const EVERY_MS = 10_000 / OUTAGES.full;

/** G15: 300 outages, each of a part of the district, are reported one after the other within ten seconds; in the quick form the first 60 of them. */
export async function measureG15(bench: Bench): Promise<Figure[]> {
  const bed = await bench.bed();
  const { control, notifier } = bed;
  const outages = bench.options.isFull ? OUTAGES.full : OUTAGES.quick;
  const each = Math.floor(transformerCodes.length / OUTAGES.full);
  const began = performance.now();
  const putOff = control.putOff();
  const before = coreSecondsByPart(bed.system.dataFolder);
  const reports: Promise<{ opened: Opened; at: number }>[] = [];
  for (let n = 0; n < outages; n += 1) {
    await wait(Math.max(0, began + n * EVERY_MS - performance.now()));
    const nodes = transformerCodes.slice(n * each, (n + 1) * each);
    reports.push(control.report(nodes).then((opened) => ({ opened, at: Date.now() })));
  }
  const cuts = await Promise.all(reports);
  const reportedWithin = (performance.now() - began) / 1_000;
  const again = control.putOff() - putOff;
  for (const { opened } of cuts) await control.untilComplete(opened);
  const used = usedBetween(before, coreSecondsByPart(bed.system.dataFolder));
  bench.details['storm'] = { coreSeconds: Object.fromEntries(used), seconds: (performance.now() - began) / 1_000 };
  const firsts = await firstAccepted(
    notifier,
    cuts.map(({ opened }) => opened),
  );
  const waits = cuts.flatMap(({ opened, at }) => {
    const first = firsts.get(opened.id);
    return first === undefined ? [] : [(first.getTime() - at) / 1_000];
  });
  for (const restored of await Promise.all(cuts.map(({ opened }) => control.restore(opened))))
    await control.untilComplete(restored);
  const note =
    `${waits.length} outages of ${Math.round(bed.options.connections / OUTAGES.full)} connections each, reported within ${reportedWithin.toFixed(1)} s; ` +
    `${again} times the outage service asked to be asked again; p99 ${percentile(waits, 0.99).toFixed(2)} s; the moment its acceptance was recorded, a little after it was sent`;
  const asked = {
    goal: 'G15',
    what: `first text of each of ${outages} outages`,
    target: 2,
    sense: 'at most',
    unit: 's',
  } as const;
  const tooSmall = small(bench).undecided;
  return [figureOf({ ...asked, note, undecided: tooSmall }, [Math.max(...waits)])];
}
