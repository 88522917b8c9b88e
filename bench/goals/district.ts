import { measureBudget, services } from '../budget.ts';
import { DISTRICT_ZONE } from '../district.ts';
import { type Ceiling, type MeasuredRun, measureCeiling, measureRun } from '../district-run.ts';
import { type FeederRun, tellFeeder } from '../feeder-run.ts';
import { type Figure, figureOf, ratiosOf, reasonOf, spreadOf } from '../figures.ts';
import { type Bed, type Bench, small } from '../test-bed.ts';

/** A tenth of the district: 2 of its 20 substations. */
const TENTH = ['B-SS1', 'B-SS2'];
const RSS_MEGABYTES = 300;

type Pair = { readonly feeder: FeederRun; readonly ours: MeasuredRun; readonly ceiling: Ceiling };
type DistrictRuns = { readonly bed: Bed; readonly tenth: MeasuredRun; readonly pairs: readonly Pair[] };

/** Tells the district of an outage and of its end, and measures the ceiling after it, pair by pair. */
function districtRuns(bench: Bench): Promise<DistrictRuns> {
  return bench.once('district runs', async () => {
    const bed = await bench.bed();
    const { control } = bed;
    const tenth = await measureRun(bed, () => control.report(TENTH));
    await measureRun(bed, () => control.restore(tenth.opened));
    const pairs: Pair[] = [];
    for (let round = 0; round < bench.options.rounds; round += 1) {
      const feeder = await tellFeeder(bed, round % bed.beside.feeders);
      const ours = await measureRun(bed, () => control.report([DISTRICT_ZONE]));
      const ceiling = await measureCeiling(bed, ours.runId);
      const restored = await measureRun(bed, () => control.restore(ours.opened));
      pairs.push({ feeder, ours, ceiling });
      console.error(`district: ${told(ours)}; its end ${told(restored)}; bare ${bare(ceiling)}`);
    }
    bench.details['district'] = pairs.map(({ ours, ceiling }) => ({
      ...{ texts: ours.texts, seconds: ours.seconds, coreSeconds: Object.fromEntries(ours.coreSeconds) },
      ...{ rssMegabytes: Object.fromEntries(ours.rssMegabytes), ceiling },
    }));
    try {
      bench.budget.push(...(await measureBudget(bed)));
    } catch (error) {
      bench.missing.push({ goal: 'G5', why: `what a text costs by stage: ${reasonOf(error)}` });
    }
    return { bed, tenth, pairs };
  });
}

const told = ({ texts, seconds }: MeasuredRun): string => `${texts} texts in ${seconds.toFixed(2)} s`;
const bare = ({ insertSeconds, loopSeconds }: Ceiling): string =>
  `${insertSeconds.toFixed(2)} + ${loopSeconds.toFixed(2)} s`;

/** G1: how much of the bare ceiling the product reaches. */
export async function measureG1(bench: Bench): Promise<Figure[]> {
  const { pairs } = await districtRuns(bench);
  const shares = ratiosOf(
    pairs.map(({ ceiling }) => ceiling.insertSeconds + ceiling.loopSeconds),
    pairs.map(({ ours }) => ours.seconds),
  );
  const perSecond = spreadOf(pairs.map(({ ours }) => ours.texts / ours.seconds));
  const note = `N = ${pairs[0]?.ours.texts} texts, ${Math.round(perSecond.median)}/s; aim 0.60`;
  return [
    figureOf(
      {
        goal: 'G1',
        what: 'district ÷ bare ceiling',
        target: 0.35,
        sense: 'at least',
        unit: '×',
        note,
        ...small(bench),
      },
      shares,
    ),
  ];
}

/** G5: what a text costs, beside what the bare stages cost. */
export async function measureG5(bench: Bench): Promise<Figure[]> {
  const { pairs } = await districtRuns(bench);
  const ratios = ratiosOf(
    pairs.map(({ ours }) =>
      [...services, 'postgres'].reduce((sum, part) => sum + (ours.coreSeconds.get(part) ?? 0), 0),
    ),
    pairs.map(({ ceiling }) => ceiling.insertCoreSeconds + ceiling.clientCoreSeconds),
  );
  const note = `/proc counts in 10 ms; the bare stages used ${spreadOf(pairs.map(({ ceiling }) => ceiling.insertCoreSeconds + ceiling.clientCoreSeconds)).median.toFixed(2)} core seconds`;
  return [
    figureOf(
      { goal: 'G5', what: 'CPU ÷ bare stages', target: 5, sense: 'at most', unit: '×', note, ...small(bench) },
      ratios,
    ),
  ];
}

/** G7: how long until the first hears of a district, beside how long until the first of a feeder does. */
export async function measureG7(bench: Bench): Promise<Figure[]> {
  const { pairs } = await districtRuns(bench);
  const [districts, feeders] = [
    pairs.map(({ ours }) => ours.firstAfterSeconds),
    pairs.map(({ feeder }) => feeder.first),
  ];
  const milliseconds = (values: readonly number[]): string => `${(1_000 * spreadOf(values).median).toFixed(0)} ms`;
  const note = `district ${milliseconds(districts)}, feeder ${milliseconds(feeders)}`;
  const asked = {
    goal: 'G7',
    what: 'first text of a district ÷ of a feeder',
    target: 2,
    sense: 'at most',
    unit: '×',
  } as const;
  return [figureOf({ ...asked, note, ...small(bench) }, ratiosOf(districts, feeders))];
}

/** G10: what is logged, and what the services keep in memory. */
export async function measureG10(bench: Bench): Promise<Figure[]> {
  const { bed, tenth, pairs } = await districtRuns(bench);
  const wal = ratiosOf(
    pairs.map(({ ours }) => ours.walOctets),
    pairs.map(({ ceiling }) => ceiling.walOctets),
  );
  const most = new Map(bed.imported.rssMegabytes);
  for (const { ours } of pairs)
    for (const [name, rss] of ours.rssMegabytes) most.set(name, Math.max(most.get(name) ?? 0, rss));
  const [largest = 'none'] = [...most].toSorted(([, one], [, other]) => other - one).map(([name]) => name);
  const growth = pairs.map(({ ours }) =>
    Math.max(...services.map((name) => (ours.rssMegabytes.get(name) ?? NaN) / (tenth.rssMegabytes.get(name) ?? NaN))),
  );
  const goal = 'G10';
  const sense = 'at most';
  return [
    figureOf({ goal, what: 'WAL ÷ bare insert', target: 2.5, sense, unit: '×', ...small(bench) }, wal),
    figureOf(
      {
        goal,
        what: 'RSS of the largest service',
        target: RSS_MEGABYTES,
        sense,
        unit: 'MB',
        note: largest,
        ...small(bench),
      },
      [most.get(largest) ?? NaN],
    ),
    figureOf(
      { goal, what: 'RSS at 10 N ÷ at N, worst service', target: 1.3, sense, unit: '×', ...small(bench) },
      growth,
    ),
  ];
}
