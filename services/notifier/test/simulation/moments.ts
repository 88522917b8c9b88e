import type { Command, History, Step } from '../truth-model/history.ts';
import { type Chance, openChance } from './chance.ts';
import { type Landmark, landmarks } from './landmarks.ts';
import type { Way } from './server.ts';
import { GENTLE } from './smsc.ts';
import { BREATH_MS, CALM_WAY, type Fault, type Story } from './story.ts';

/** What goes wrong, for how long, how many replicas there are for it, and where it may strike. */
type Wrong = {
  readonly is: Fault['is'];
  readonly ms: readonly number[];
  readonly replicas: number;
  readonly at?: readonly Landmark[];
};
/** News that contradict each other, each with how one goes on after it, and what goes wrong meanwhile. */
type Scene = {
  readonly plot: readonly (readonly [Command, readonly Step['then'][]])[];
  readonly wrongs: readonly Wrong[];
  /** After which step it goes wrong; any, where none is named. */
  readonly afterStep?: number;
  readonly partsPerSecond: readonly number[];
  readonly way?: Way;
  readonly breathMs?: readonly [number, number];
};

const cut = (node: string): Command => ({ is: 'report', nodes: [node], own: [], hours: 4 });
const restore = (nth: number): Command => ({ is: 'restore', nth });
const step = (nodes: readonly string[]): Command => ({ is: 'step', nth: 0, nodes, own: [] });
const SOON: readonly Step['then'][] = ['go on', 'breathe', 'breathe'];
const ANY: readonly Step['then'][] = ['go on', 'breathe', 'breathe', 'rest'];
const REST: readonly Step['then'][] = ['rest'];

const DEATH: Wrong = { is: 'kill', ms: [10, 5_000, 60_000], replicas: 1 };
const DEATH_OF_ONE: Wrong = { ...DEATH, replicas: 2 };
const LOST_ANSWER: Wrong = { is: 'cut-off', ms: [10, 500], replicas: 1 };
const STANDSTILL: Wrong = { is: 'freeze', ms: [1_500, 2_500, 4_000], replicas: 1 };
const ANY_WRONG: readonly Wrong[] = [DEATH, DEATH_OF_ONE, LOST_ANSWER, STANDSTILL];
/** A contract of few parts, so that some texts of a chunk still wait. */
const FEW = [3, 3, 10] as const;
const SOME = [3, 10, 100] as const;

/** What is asked arrives when something else was done in between. */
const SLOW_WAY: Way = { usualMs: 60, slowMs: 900, slowly: 0.02 };

const SCENES: readonly Scene[] = [
  // What was permitted is over when the process that was to write it goes on.
  {
    plot: [
      [cut('F-1'), SOON],
      [restore(0), REST],
    ],
    wrongs: [{ ...STANDSTILL, at: ['write-ahead'] }],
    afterStep: 0,
    partsPerSecond: SOME,
  },
  // A chunk is taken over, and its first holder comes back.
  {
    plot: [
      [cut('F-1'), REST],
      [restore(0), REST],
    ],
    wrongs: [{ is: 'freeze', ms: [50_000, 70_000], replicas: 2, at: ['write-ahead', 'outcomes'] }],
    partsPerSecond: FEW,
  },
  // What is back is off again, as a newer cut says, which its holder does not judge for a while.
  {
    plot: [
      [cut('F-1'), REST],
      [restore(0), SOON],
      [cut('DT-1'), REST],
    ],
    wrongs: [{ is: 'freeze', ms: [4_000, 20_000], replicas: 2, at: ['hold'] }],
    afterStep: 2,
    partsPerSecond: FEW,
  },
  // Its lease is not renewed, and all else goes on.
  {
    plot: [
      [cut('F-1'), ['breathe']],
      [{ is: 'move-time', nth: 0, minutes: 120 }, ['breathe']],
      [restore(0), REST],
    ],
    wrongs: [{ is: 'lose-beats', ms: [60_000], replicas: 2 }],
    partsPerSecond: SOME,
    // In it a lease that is not renewed comes to its end.
    breathMs: [10, 26_000],
  },
  {
    plot: [
      [cut('F-1'), SOON],
      [restore(0), REST],
    ],
    wrongs: [{ ...LOST_ANSWER, at: ['outcomes', 'write-ahead', 'hold', 'expansion'] }],
    partsPerSecond: SOME,
  },
  // All sending is stopped while there is something to say.
  {
    plot: [
      [cut('F-1'), ['breathe']],
      [{ is: 'halt' }, SOON],
      [restore(0), ['breathe']],
      [{ is: 'resume' }, REST],
    ],
    wrongs: ANY_WRONG,
    partsPerSecond: FEW,
    way: SLOW_WAY,
    breathMs: [600, 2_500],
  },
  {
    plot: [
      [cut('F-1'), ANY],
      [cut('DT-1'), SOON],
      [restore(0), ANY],
      [restore(1), REST],
    ],
    wrongs: ANY_WRONG,
    partsPerSecond: SOME,
  },
  {
    plot: [
      [cut('F-1'), ANY],
      [step(['DT-1']), ANY],
      [restore(0), REST],
    ],
    wrongs: ANY_WRONG,
    partsPerSecond: SOME,
  },
  {
    plot: [
      [{ is: 'announce', nodes: ['F-1'], own: [], hours: 3 }, ANY],
      [{ is: 'cancel', nth: 0 }, REST],
    ],
    wrongs: ANY_WRONG,
    partsPerSecond: SOME,
  },
];
const FLATS = [2, 4, 6] as const;
/** A chunk of a few texts is planned, expanded and sent in so many moments. */
const MOST_MOMENTS = 90;
/** Which of the texts, or chunks, it is. */
const NTH = [1, 1, 2, 3, 4] as const;

/**
 * Tells the small story of a seed: one thing goes wrong at one moment, most often between what PostgreSQL did and its answer. A long story meets
 * such a moment once in hundreds.
 */
export function momentStory(seed: number): Story {
  const chance = openChance(seed ^ 0x2545f491);
  const scene = chance.of(SCENES);
  const wrong = chance.of(scene.wrongs);
  const struck = chance.happens(wrong.at === undefined ? 0.5 : 1)
    ? { at: chance.of(wrong.at ?? landmarks), moments: chance.of(NTH) }
    : { moments: Math.floor(chance.next() * MOST_MOMENTS) };
  return {
    seed,
    kind: 'crashes',
    history: {
      homes: homesOf(chance),
      steps: scene.plot.map(
        ([command, then]): Step => ({ command, then: chance.of(then), joins: false, isWithheld: false }),
      ),
    },
    replicas: wrong.replicas,
    faults: [
      {
        is: wrong.is,
        afterStep: scene.afterStep ?? Math.floor(chance.next() * scene.plot.length),
        ...struck,
        slot: 0,
        ms: chance.of(wrong.ms),
      },
    ],
    temper: {
      ...GENTLE,
      answerMs: chance.of([
        [1, 20],
        [20, 400],
      ] as const),
    },
    way: scene.way ?? CALM_WAY,
    partsPerSecond: chance.of(scene.partsPerSecond),
    linkMs: chance.of([1, 40]),
    binds: 1,
    breathMs: scene.breathMs ?? BREATH_MS,
  };
}

function homesOf(chance: Chance): History['homes'] {
  return Array.from({ length: chance.of(FLATS) }, (_, n) => ({
    account: `100000000${n + 1}`,
    node: chance.of(['DT-1', 'DT-1', 'DT-2', 'F-1']),
    state: 'active' as const,
    contacts: [
      {
        // Now and then two connections have one mobile.
        mobile: `981111110${chance.of([n + 1, n + 1, n + 1, 1])}`,
        language: 'en' as const,
        wants: true,
        numberState: 'collected' as const,
      },
    ],
  }));
}
