import { DISTRICT_ZONE } from '../district.ts';
import { type FeederRun, tellFeeder, tellFeedersDuring } from '../feeder-run.ts';
import { type Figure, figureOf, percentile, spreadOf } from '../figures.ts';
import { withoutNotify } from '../postgres.ts';
import { type Bed, type Bench, small } from '../test-bed.ts';

/** Runs behind a percentile, and runs of the district in which they are to be found at most. */
const FULL = { runs: 100, districts: 60 };
const QUICK = { runs: 10, districts: 3 };
/** Parts a second of the contract under which lanes are measured, and what the notifier uses of it. */
const CONTRACT = 2_000;
const GRANTED = 0.95 * CONTRACT;
/** The share of an unplanned run beside a planned one, and beside one more unplanned one. */
const SHARES = { planned: 32 / 40, unplanned: 1 / 2 };

const TOO_SOON = 'the district was told before a feeder was: take more --connections';

type Kind = keyof typeof SHARES;

/** G6: an urgent feeder during a district run, at full speed and under a contract that is small. */
export async function measureG6(bench: Bench): Promise<Figure[]> {
  const wanted = bench.options.isFull ? FULL : QUICK;
  const bed = await bench.bed();
  const alone = await aloneRuns(bed, wanted.runs);
  const during = await duringRuns(bed, wanted, 'unplanned', 'last');
  if (during.length === 0) throw new Error(TOO_SOON);
  const lasts = { alone: p99(alone, 'last'), during: p99(during, 'last') };
  const note =
    `p99 of the last ${(1_000 * lasts.during).toFixed(0)} ms in a district run (n = ${during.length}), ` +
    `${(1_000 * lasts.alone).toFixed(0)} ms alone (n = ${alone.length}), ${bed.beside.peopleEach} people`;
  const [goal, sense] = ['G6', 'at most'] as const;
  const asked = { goal, what: 'p99 of an urgent last ÷ alone', target: 3, sense, unit: '×', note } as const;
  const full = figureOf({ ...asked, undecided: tooFew(bench, during, wanted.runs) }, [lasts.during / lasts.alone]);
  return [full, ...(await underContract(bench, wanted))];
}

async function underContract(bench: Bench, wanted: typeof FULL): Promise<Figure[]> {
  const bed = await bench.ownBed({ SMPP_RATE_PARTS_PER_SECOND: String(CONTRACT) });
  try {
    const figures: Figure[] = [];
    for (const kind of ['planned', 'unplanned'] as const) {
      const runs = await duringRuns(
        bed,
        { runs: wanted.runs / 2, districts: Math.ceil(wanted.districts / 6) },
        kind,
        'last',
      );
      if (runs.length === 0) throw new Error(TOO_SOON);
      const shares = runs.map(({ last, parts }) => last / (parts / (GRANTED * SHARES[kind])));
      const note = `${GRANTED} parts/s granted, beside one ${kind} district run; ${runs[0]?.parts} parts`;
      const asked = { goal: 'G6', sense: 'at most', note, undecided: tooFew(bench, runs, wanted.runs / 2) } as const;
      figures.push(
        figureOf({ ...asked, what: `urgent last ÷ its share, beside ${kind}`, target: 1.1, unit: '×' }, shares),
        figureOf(
          { ...asked, what: `urgent first, beside ${kind}`, target: 0.25, unit: 's' },
          runs.map(({ first }) => first),
        ),
      );
    }
    return figures;
  } finally {
    await bed.stop();
  }
}

/** G12: from the commit in the control room to the first submit, when nobody is woken by NOTIFY. */
export async function measureG12(bench: Bench): Promise<Figure[]> {
  const wanted = bench.options.isFull ? FULL : QUICK;
  const bed = await bench.bed();
  const { idle, during } = await withoutNotify(bed.system, async () => ({
    idle: await aloneRuns(bed, wanted.runs),
    during: await duringRuns(bed, wanted, 'unplanned', 'first'),
  }));
  const [goal, sense, unit] = ['G12', 'at most', 's'] as const;
  const figure = (what: string, target: number, runs: readonly FeederRun[], undecided: string | null): Figure => {
    const note = `n = ${runs.length}, median ${spreadOf(runs.map(({ first }) => first)).median.toFixed(3)} s`;
    return figureOf({ goal, what, target, sense, unit, note, undecided }, [p99(runs, 'first')]);
  };
  const alone = figure(
    'commit to first submit, idle, p99',
    1,
    idle,
    bench.options.isFull ? null : tooFew(bench, idle, wanted.runs),
  );
  if (during.length === 0) {
    bench.missing.push({ goal, why: `in a district run: ${TOO_SOON}` });
    return [alone];
  }
  return [
    alone,
    figure('commit to first submit in a district run, p99', 2, during, tooFew(bench, during, wanted.runs)),
  ];
}

async function aloneRuns(bed: Bed, wanted: number): Promise<FeederRun[]> {
  const runs: FeederRun[] = [];
  while (runs.length < wanted) runs.push(await tellFeeder(bed, runs.length % bed.beside.feeders));
  return runs;
}

async function duringRuns(bed: Bed, wanted: typeof FULL, kind: Kind, which: 'first' | 'last'): Promise<FeederRun[]> {
  const { control } = bed;
  const say = () => (kind === 'planned' ? control.announce([DISTRICT_ZONE]) : control.report([DISTRICT_ZONE]));
  const takeBack = kind === 'planned' ? control.cancel : control.restore;
  const runs: FeederRun[] = [];
  for (let district = 0; district < wanted.districts && runs.length < wanted.runs; district += 1)
    runs.push(...(await tellFeedersDuring(bed, say, takeBack, which)));
  return runs;
}

function p99(runs: readonly FeederRun[], which: 'first' | 'last'): number {
  return percentile(
    runs.map((run) => run[which]),
    0.99,
  );
}

/** Says why so many runs decide nothing: a percentile of fewer than were wanted is that of luck. */
function tooFew(bench: Bench, runs: readonly FeederRun[], wanted: number): string | null {
  const isEnough = bench.options.isFull && runs.length >= wanted;
  return isEnough
    ? small(bench).undecided
    : `n is ${runs.length}, ${bench.options.isFull ? wanted : FULL.runs} are wanted`;
}
