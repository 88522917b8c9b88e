import fc from 'fast-check';
import { type Command, type History, histories, type Step, wordsOf } from '../truth-model/history.ts';
import { type Chance, openChance } from './chance.ts';
import type { Landmark } from './landmarks.ts';
import type { Way } from './server.ts';
import { GENTLE, type Temper } from './smsc.ts';

/** What goes wrong: after a step of the history, when so much more has happened to the process that it concerns. */
export type Fault = {
  readonly afterStep: number;
  readonly moments: number;
  /** Whoever came to such a place so often first, and has no answer yet; then the slot does not matter. */
  readonly at?: Landmark;
  readonly slot: number;
  readonly is:
    | 'kill'
    | 'freeze'
    | 'cut-off'
    | 'cut-hearing'
    | 'lose-beats'
    | 'reset-link'
    | 'provider-away'
    | 'database-clock'
    | 'wall-clock'
    | 'slow-database';
  readonly ms: number;
};

/** Everything that a seed decides. */
export type Story = {
  readonly seed: number;
  readonly kind: Kind;
  readonly history: History;
  readonly replicas: number;
  readonly faults: readonly Fault[];
  readonly temper: Temper;
  readonly way: Way;
  readonly partsPerSecond: number;
  readonly linkMs: number;
  /** Connections of each replica to the provider. */
  readonly binds: number;
  /** How long it is until the next step where one breathes, milliseconds; most stories have BREATH_MS. */
  readonly breathMs?: readonly [number, number];
};

export const kinds = ['calm', 'crashes', 'replicas', 'clocks', 'carrier', 'storm'] as const;
export type Kind = (typeof kinds)[number];

/** How long one breathes, milliseconds: what was planned is expanded, and some of it is sent. */
export const BREATH_MS = [10, 900] as const;
export const CALM_WAY: Way = { usualMs: 1, slowMs: 1, slowly: 0 };
const FAULTS: Readonly<Record<Kind, readonly Fault['is'][]>> = {
  calm: [],
  crashes: ['kill', 'kill', 'cut-hearing'],
  replicas: ['kill', 'cut-off', 'cut-hearing', 'reset-link'],
  clocks: ['freeze', 'freeze', 'lose-beats', 'database-clock', 'wall-clock', 'slow-database'],
  carrier: ['reset-link', 'provider-away'],
  storm: [
    'kill',
    'freeze',
    'cut-off',
    'cut-hearing',
    'lose-beats',
    'reset-link',
    'provider-away',
    'database-clock',
    'wall-clock',
    'slow-database',
  ],
};
const MOST_FAULTS = 5;
/** Most stories are short, in a small town: more of them are played, and they find more. */
const STEPS = [3, 4, 5, 8] as const;
const HOMES = [3, 4, 6, 14] as const;
/** Commands of the histories that are faults of another kind there. */
const OWN = new Set(['provider', 'kill-desk', 'second-desk', 'stop-desk']);

/** Tells the story of a seed; seeds that follow one another are of each kind in turn. */
export function storyOf(seed: number): Story {
  const kind = kinds[seed % kinds.length] as Kind;
  const chance = openChance(seed);
  const [drawn] = fc.sample(histories, { seed, numRuns: 1 });
  const size = chance.fork('size');
  const homes = (drawn as History).homes.slice(0, size.of(HOMES));
  const steps = (drawn as History).steps.filter(({ command }) => !OWN.has(command.is)).slice(0, size.of(STEPS));
  const history = { homes, steps };
  const isMany = kind === 'replicas' || kind === 'clocks' || kind === 'storm';
  const isCarrier = kind === 'carrier' || kind === 'storm';
  const replicas = isMany ? chance.of([2, 2, 3]) : 1;
  return {
    seed,
    kind,
    history,
    replicas,
    faults: faultsOf(chance.fork('faults'), { kind, replicas, steps: history.steps.length }),
    temper: isCarrier ? temperOf(chance.fork('temper')) : GENTLE,
    way: isMany && chance.happens(0.5) ? { usualMs: 5, slowMs: 900, slowly: 0.01 } : CALM_WAY,
    // A contract of few parts is one that binds.
    partsPerSecond: chance.of([10, 20, 100]),
    linkMs: chance.of([1, 1, 40]),
    binds: chance.fork('binds').of([1, 1, 2]),
  };
}

function faultsOf(
  chance: Chance,
  { kind, replicas, steps }: { kind: Kind; replicas: number; steps: number },
): readonly Fault[] {
  const each = FAULTS[kind];
  if (each.length === 0) return [];
  return Array.from({ length: 1 + Math.floor(chance.next() * MOST_FAULTS) }, (): Fault => {
    const is = chance.of(each);
    return {
      is,
      afterStep: Math.floor(chance.next() * steps),
      // What is heard takes some twenty answers of the database.
      moments: Math.floor(chance.next() ** 2 * (is === 'cut-hearing' ? 30 : 150)),
      slot: Math.floor(chance.next() * replicas),
      ms: msOf(is, chance),
    };
  });
}

function msOf(is: Fault['is'], chance: Chance): number {
  switch (is) {
    case 'kill':
      return chance.of([10, 500, 5_000]);
    case 'freeze':
      return chance.of([300, 1_500, 4_000, 28_000, 50_000, 90_000]);
    case 'cut-off':
      return chance.of([50, 1_500, 40_000]);
    case 'provider-away':
      return chance.of([2_000, 20_000]);
    case 'database-clock':
    case 'wall-clock':
      return chance.of([-120_000, -20_000, -2_000, 2_000, 20_000, 120_000]);
    case 'slow-database':
      return chance.of([3_000, 15_000]);
    case 'cut-hearing':
      return chance.of([1, 30]);
    case 'lose-beats':
      return chance.of([20_000, 60_000]);
    case 'reset-link':
      return 0;
  }
}

/** A carrier has one or two quirks, seldom all. */
function temperOf(chance: Chance): Temper {
  const quirk = (most: number): number => (chance.happens(0.3) ? chance.between(0.02, most) : 0);
  return {
    answerMs: chance.of([
      [1, 20],
      [1, 20],
      [20, 400],
      [1, 3_000],
    ] as const),
    receiptMs: chance.of([
      [200, 3_000],
      [5, 50],
      [1_000, 60_000],
    ] as const),
    putsOff: quirk(0.3),
    refuses: quirk(0.1),
    odd: quirk(0.1),
    silent: quirk(0.2),
    loses: quirk(0.2),
    late: quirk(0.3),
    breaks: quirk(0.1),
    unbinds: 0,
    receiptFirst: quirk(0.5),
    receiptTwice: quirk(0.5),
    receiptNever: quirk(0.3),
  };
}

/** A small story in which the only process dies when so much has happened to it after the first step; null: it lives. */
export function deathStory(moments: number | null): Story {
  const home = (nth: number, node: string): History['homes'][number] => ({
    account: `100000000${nth}`,
    node,
    state: 'active',
    contacts: [{ mobile: `981111110${nth}`, language: 'en', wants: true, numberState: 'collected' }],
  });
  const step = (command: Command, then: Step['then']): Step => ({ command, then, joins: false, isWithheld: false });
  return {
    seed: 1,
    kind: 'crashes',
    history: {
      homes: [home(1, 'DT-1'), home(2, 'DT-1'), home(3, 'DT-2')],
      steps: [
        step({ is: 'report', nodes: ['F-1'], own: [], hours: 4 }, 'breathe'),
        step({ is: 'restore', nth: 0 }, 'rest'),
      ],
    },
    replicas: 1,
    faults: moments === null ? [] : [{ is: 'kill', afterStep: 0, moments, slot: 0, ms: 500 }],
    temper: GENTLE,
    way: CALM_WAY,
    partsPerSecond: 100,
    linkMs: 1,
    binds: 1,
  };
}

/** Says a story in plain words. */
export function tell(story: Story): string {
  const { seed, kind, history, replicas, faults, temper, way, partsPerSecond, linkMs, binds } = story;
  const odd = Object.entries(temper).filter(([, value]) => value !== 0);
  return [
    `seed ${seed} (${kind}): ${replicas} replicas of ${binds} binds, ${partsPerSecond} parts/s, link ${linkMs} ms, database ${JSON.stringify(way)}`,
    `  provider ${odd.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')}`,
    wordsOf(history),
    ...faults.map((fault) => `  ${JSON.stringify(fault)}`),
  ].join('\n');
}
