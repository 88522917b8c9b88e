import fc from 'fast-check';
import { FEEDERS, type Home, NODES, TRANSFORMERS } from './facts.ts';

/** How the provider takes what it is sent. */
export type Mood = 'accepts' | 'throttles' | 'refuses' | 'is-silent' | 'loses' | 'answers-late';
/** What happens; `nth` and `whom` count modulo what there is, so that a shorter history still makes sense. */
export type Command =
  | {
      readonly is: 'report';
      readonly nodes: readonly string[];
      readonly own: readonly string[];
      readonly hours: number;
    }
  | {
      readonly is: 'announce';
      readonly nodes: readonly string[];
      readonly own: readonly string[];
      readonly hours: number;
    }
  | { readonly is: 'move-time' | 'reschedule'; readonly nth: number; readonly minutes: number }
  | { readonly is: 'step'; readonly nth: number; readonly nodes: readonly string[]; readonly own: readonly string[] }
  | {
      readonly is: 'overdue' | 'restore' | 'reopen' | 'start' | 'start-on-time' | 'cancel' | 'repeat';
      readonly nth: number;
    }
  | { readonly is: 'late'; readonly nth: number }
  | { readonly is: 'number'; readonly whom: number; readonly to: number }
  | { readonly is: 'stop' | 'consent' | 'quarantine' | 'trust' | 'forget-contact'; readonly whom: number }
  | { readonly is: 'erase' | 'disconnect' | 'reconnect'; readonly whom: number }
  | { readonly is: 'move-home'; readonly whom: number; readonly node: string }
  | { readonly is: 'move-node'; readonly node: string; readonly to: string }
  | { readonly is: 'provider'; readonly mood: Mood; readonly texts: number }
  | { readonly is: 'kill-desk' | 'stop-desk' | 'second-desk' | 'halt' | 'resume' };
/** `then`: whether one waits until all is told. `joins`: heard in one transaction with the next one. `isWithheld`: arrives late, or never. */
export type Step = {
  readonly command: Command;
  readonly then: 'go on' | 'breathe' | 'rest';
  readonly joins: boolean;
  readonly isWithheld: boolean;
};
export type History = { readonly homes: readonly Home[]; readonly steps: readonly Step[] };

export const MOBILES = Array.from({ length: 7 }, (_, n) => `981111110${n + 1}`);

const nodes = fc.uniqueArray(fc.constantFrom(...NODES), { minLength: 1, maxLength: 3 });
const own = fc.oneof(
  { weight: 5, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...FEEDERS), { minLength: 1, maxLength: 2 }) },
);
const contact = fc.record({
  mobile: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...MOBILES) }, { weight: 1, arbitrary: fc.constant(null) }),
  language: fc.constantFrom('en' as const, 'hi' as const),
  wants: fc.integer({ min: 0, max: 9 }).map((n) => n !== 9),
  numberState: fc
    .integer({ min: 0, max: 14 })
    .map((n) => (n === 14 ? ('quarantined' as const) : ('collected' as const))),
});
const contacts = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(contact) },
  { weight: 1, arbitrary: fc.tuple(contact, contact).filter(([one, other]) => one.mobile !== other.mobile) },
);
const homes = fc
  .array(fc.record({ node: fc.constantFrom(...TRANSFORMERS, ...TRANSFORMERS, ...FEEDERS), contacts }), {
    minLength: 6,
    maxLength: 14,
  })
  .map((each) =>
    each.map((home, n): Home => ({ ...home, account: `10000000${String(n + 1).padStart(2, '0')}`, state: 'active' })),
  );

const nth = fc.nat({ max: 5 });
const whom = fc.nat({ max: 27 });
const hours = fc.integer({ min: 2, max: 30 });
/** Of a cut the time may be past when it is heard. */
const quarters = fc.oneof({ weight: 7, arbitrary: hours }, { weight: 1, arbitrary: fc.constant(-5) });
const minutes = fc.constantFrom(10, 20, -20, 45, -45, 120);
const is = <Is extends string>(...each: Is[]) => fc.constantFrom(...each);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ is: is('report'), nodes, own, hours: quarters }) },
  { weight: 5, arbitrary: fc.record({ is: is('announce'), nodes, own, hours }) },
  { weight: 6, arbitrary: fc.record({ is: is('move-time'), nth, minutes }) },
  { weight: 2, arbitrary: fc.record({ is: is('reschedule'), nth, minutes }) },
  { weight: 7, arbitrary: fc.record({ is: is('step'), nth, nodes, own }) },
  { weight: 10, arbitrary: fc.record({ is: is('restore'), nth }) },
  { weight: 2, arbitrary: fc.record({ is: is('overdue'), nth }) },
  { weight: 7, arbitrary: fc.record({ is: is('reopen', 'start', 'start-on-time', 'cancel'), nth }) },
  { weight: 3, arbitrary: fc.record({ is: is('repeat', 'late'), nth }) },
  { weight: 2, arbitrary: fc.record({ is: is('number'), whom, to: fc.nat({ max: MOBILES.length - 1 }) }) },
  { weight: 4, arbitrary: fc.record({ is: is('stop', 'consent', 'quarantine', 'trust', 'forget-contact'), whom }) },
  { weight: 2, arbitrary: fc.record({ is: is('erase', 'disconnect', 'reconnect'), whom }) },
  {
    weight: 1,
    arbitrary: fc.record({ is: is('move-home'), whom, node: fc.constantFrom(...TRANSFORMERS, ...FEEDERS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      is: is('move-node'),
      node: fc.constantFrom(...TRANSFORMERS),
      to: fc.constantFrom(...FEEDERS),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: is('provider'),
      mood: is<Mood>('accepts', 'throttles', 'refuses', 'is-silent', 'loses', 'answers-late'),
      texts: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ is: is('kill-desk', 'stop-desk', 'second-desk', 'halt', 'resume') }) },
);
const step: fc.Arbitrary<Step> = fc.record({
  command,
  then: is<Step['then']>('go on', 'go on', 'breathe', 'rest', 'rest'),
  joins: fc.integer({ min: 0, max: 9 }).map((n) => n === 9),
  isWithheld: fc.integer({ min: 0, max: 14 }).map((n) => n === 14),
});

/** A small town and what happens there. */
export const histories: fc.Arbitrary<History> = fc.record({
  homes,
  steps: fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }),
});

/** Says a history in plain words, one line a step. */
export function wordsOf({ homes: town, steps }: History): string {
  const who = town.map(({ account, node, contacts: each }) => {
    const told = each.map(({ mobile, language, wants, numberState }) =>
      [
        mobile?.slice(-4) ?? 'no number',
        language,
        wants ? '' : 'refuses',
        numberState === 'collected' ? '' : numberState,
      ]
        .filter(Boolean)
        .join(' '),
    );
    return `  a/c ${account.slice(-4)} on ${node}: ${told.join('; ')}`;
  });
  const what = steps.map(({ command: { is: does, ...rest }, then, joins, isWithheld }, n) => {
    const how = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    return `  ${n + 1}. ${[does, ...how].join(' ')}${isWithheld ? ' (withheld)' : ''}${joins ? ' (with the next)' : ''}, ${then}`;
  });
  return [...who, ...what].join('\n');
}
