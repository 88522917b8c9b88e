import type { Home } from './facts.ts';
import type { Command, History } from './history.ts';

const home = (nth: number, node: string, mobile = `981111110${nth}`): Home => ({
  account: `100000000${nth}`,
  node,
  state: 'active',
  contacts: [{ mobile, language: 'en', wants: true, numberState: 'collected' }],
});
const report = (...nodes: string[]): Command => ({ is: 'report', nodes, own: [], hours: 10 });
const announce = (...nodes: string[]): Command => ({ is: 'announce', nodes, own: [], hours: 10 });
const step = (nth: number, ...nodes: string[]): Command => ({ is: 'step', nth, nodes, own: [] });
const restore = (nth: number): Command => ({ is: 'restore', nth });

/** A history of commands; one waits until all is told after each, but for those of the nths in `atOnce`. */
const history = (homes: readonly Home[], commands: readonly Command[], atOnce: readonly number[] = []): History => ({
  homes,
  steps: commands.map((command, nth) => ({
    command,
    then: atOnce.includes(nth) ? 'go on' : 'rest',
    joins: false,
    isWithheld: false,
  })),
});
const TWO = [home(1, 'DT-1'), home(2, 'DT-2')];

/** Histories that the engine did not tell rightly once, by what it did. */
export const examples: Readonly<Record<string, History>> = {
  'who hangs on a node that is named alone was not told': history(
    [home(1, 'F-2')],
    [{ is: 'report', nodes: ['DT-4'], own: ['F-2'], hours: 2 }],
  ),
  'a window was withdrawn by another outage, which did not say it': history(
    [home(1, 'DT-3')],
    [announce('DT-3'), announce('SS-1'), report('DT-3'), { is: 'cancel', nth: 0 }],
    [0, 1],
  ),
  'a window that was taken back was told off when its beginning passed': history(TWO, [
    announce('F-1'),
    step(0, 'DT-1'),
    { is: 'start-on-time', nth: 0 },
    restore(0),
  ]),
  'a second account of the mobile never heard its new time': history(
    [home(1, 'DT-1'), home(2, 'DT-2', '9811111101')],
    [report('DT-1'), { is: 'report', nodes: ['F-1'], own: [], hours: 20 }],
  ),
  'two outages said that supply is back': history(TWO, [
    report('SS-1'),
    report('DT-1'),
    step(0, 'DT-2'),
    restore(1),
    restore(0),
  ]),
  'and at once': history(TWO, [report('SS-1'), report('DT-1'), step(0, 'DT-2'), restore(1), restore(0)], [3]),
  'the last word of an outage was let go before its first': history(TWO, [
    report('DT-1'),
    step(0, 'DT-2'),
    report('DT-1'),
    restore(0),
    { is: 'report', nodes: ['DT-2'], own: [], hours: 20 },
  ]),
  'a restoration was let go before the cut that it ended': history(TWO, [
    report('SS-1'),
    report('DT-1'),
    announce('DT-2'),
    restore(0),
    restore(1),
    { is: 'report', nodes: ['DT-1'], own: [], hours: 20 },
  ]),
  'work that began early and was over was told as cancelled': history(
    [home(1, 'DT-1')],
    [announce('F-1'), { is: 'start', nth: 0 }, restore(0)],
  ),
  'a window that began passed for one of another outage': history(
    [home(1, 'DT-1')],
    [
      announce('F-1'),
      { is: 'start-on-time', nth: 0 },
      { is: 'announce', nodes: ['DT-1'], own: [], hours: 29 },
      { is: 'move-time', nth: 1, minutes: 10 },
      { is: 'cancel', nth: 1 },
    ],
  ),
};
