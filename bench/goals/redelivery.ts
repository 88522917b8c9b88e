import { setTimeout as wait } from 'node:timers/promises';
import type { Opened } from '../control-room.ts';
import { DISTRICT_ZONE } from '../district.ts';
import { type MeasuredRun, measureRun } from '../district-run.ts';
import { type Figure, figureOf } from '../figures.ts';
import { readOutageTopic, type OutageTopic } from '../outage-topic.ts';
import { coreSecondsByPart, usedBetween } from '../processes.ts';
import { monotonicSeconds } from '../sink.ts';
import type { Bed, Bench } from '../test-bed.ts';

/** One copy costs less than /proc can tell; of so many the share of one is worked out. */
const COPIES_AFTER = 50;
const COPIES_WITHIN = 3;
const LOOK_EVERY_MS = 5;
const WATCHED_MS = 3_000;
const GIVE_UP_AFTER_S = 120;
/** What is no part of the system. */
const BESIDE = new Set(['sink', 'bench']);

/** G8: the event of a district run comes again when half of it is sent, and when all of it is. */
export async function measureG8(bench: Bench): Promise<Figure[]> {
  const bed = await bench.bed();
  const { control } = bed;
  const topic = await readOutageTopic(bed.system.basePort);
  try {
    const alone = await measureRun(bed, () => control.report([DISTRICT_ZONE]));
    await measureRun(bed, () => control.restore(alone.opened));
    let again = Promise.resolve();
    const disturbed = await measureRun(
      bed,
      async () => {
        const place = await bed.sink.end();
        const known = new Map([[alone.opened.id, topic.count(alone.opened.id)]]);
        const opened = await control.report([DISTRICT_ZONE]);
        again = sayAgainHalfWay(bed, topic, { opened, known, place, half: alone.texts / 2 });
        again.catch(() => undefined); // it is told where it is awaited
        return opened;
      },
      { mayRepeat: true },
    );
    await again;
    const after = await afterwards(bed, topic, disturbed);
    await measureRun(bed, () => control.restore(disturbed.opened));
    const [goal, sense] = ['G8', 'at most'] as const;
    const note = `${COPIES_WITHIN} copies at 50 % of ${disturbed.texts} texts, ${COPIES_AFTER} after them`;
    const coarse = `one of ${COPIES_AFTER} copies together, less what idle services use; of a run as small as this it is a guess`;
    return [
      figureOf({ goal, what: 'extra submits', target: 0, sense, unit: 'texts', note }, [
        disturbed.repeats + after.submits,
      ]),
      figureOf(
        {
          ...{ goal, what: 'CPU of a copy after the run', target: 1, sense, unit: '% of the run', note },
          undecided: bench.options.isFull ? null : coarse,
        },
        [after.percent],
      ),
    ];
  } finally {
    await topic.close();
  }
}

type Disturbance = {
  readonly opened: Opened;
  /** Records that were there before, by outage: what went again at once may be the same outage or another. */
  readonly known: ReadonlyMap<string, number>;
  readonly place: number;
  readonly half: number;
};

async function sayAgainHalfWay(
  bed: Bed,
  topic: OutageTopic,
  { opened, known, place, half }: Disturbance,
): Promise<void> {
  const isHalfWay = async (): Promise<boolean> =>
    topic.count(opened.id) > (known.get(opened.id) ?? 0) && (await bed.sink.since(place)).length >= half;
  for (const deadline = monotonicSeconds() + GIVE_UP_AFTER_S; !(await isHalfWay()); ) {
    if (monotonicSeconds() > deadline) throw new Error('the run did not come half way');
    await wait(LOOK_EVERY_MS);
  }
  await topic.sayAgain(opened.id, COPIES_WITHIN);
}

async function afterwards({ sink, system }: Bed, topic: OutageTopic, run: MeasuredRun) {
  const used = async (): Promise<number> => {
    const before = coreSecondsByPart(system.dataFolder);
    await wait(WATCHED_MS);
    return sumOf(usedBetween(before, coreSecondsByPart(system.dataFolder)));
  };
  const place = await sink.end();
  const idle = await used();
  await topic.sayAgain(run.opened.id, COPIES_AFTER);
  const busy = await used();
  const percent = (100 * Math.max(0, busy - idle)) / COPIES_AFTER / sumOf(run.coreSeconds);
  return { percent, submits: (await sink.since(place)).length };
}

function sumOf(coreSeconds: ReadonlyMap<string, number>): number {
  return [...coreSeconds].reduce((sum, [part, seconds]) => (BESIDE.has(part) ? sum : sum + seconds), 0);
}
