import { atMost, type FaultCase, type Finding, sumUp, told } from '../fault-case.ts';
import { timesByMobile } from '../smsc-log.ts';
import { judgeRestored } from '../judge.ts';
import { behave, bringBack, goDark, plannedAt, type Story, textsOf, untilOver, untilTold } from '../story.ts';
import type { FaultSystem } from '../system.ts';

const FALSE_MS = 2_000; // P6

/** How long after the notifier knew better it still said that power is off. */
async function judgeFalse(system: FaultSystem, story: Story, back: Story): Promise<Finding[]> {
  const at = await plannedAt(system, back);
  const late = textsOf(system, story, 'unplanned', 'estimate').filter((text) => text.at > at);
  const latest = late.at(-1)?.at ?? at;
  return [
    told(`${late.length} false texts after the notifier had stored the return`),
    atMost('until the last of them', latest - at, FALSE_MS, ' ms'),
  ];
}

const restoredAt = (percent: number, isQuick: boolean): FaultCase => ({
  name: `restoration when ${percent} % are told`,
  promise: 'P3, P6, P10',
  isQuick,
  play: async (system) => {
    const story = await goDark(system);
    await untilTold(system, story, percent / 100);
    const back = await bringBack(system, story);
    await untilOver(system, back);
    return sumUp([
      told(`${timesByMobile(textsOf(system, story, 'unplanned')).size} told of the cut`),
      ...(await judgeFalse(system, story, back)),
      ...(await judgeRestored(system, story, back)),
    ]);
  },
});

export const restorations: readonly FaultCase[] = [restoredAt(10, false), restoredAt(50, true), restoredAt(99, false)];

const ANSWER_MS = 4_000;

export const restorationAtSlowSmsc: FaultCase = {
  name: `restoration while the SMSC answers after ${ANSWER_MS / 1_000} s`,
  promise: 'P6, P3',
  isQuick: false,
  play: async (system) => {
    await behave(system, { answerDelayMs: ANSWER_MS });
    const story = await goDark(system);
    await untilTold(system, story, 0.02);
    const back = await bringBack(system, story);
    await untilOver(system, back);
    return sumUp([...(await judgeFalse(system, story, back)), ...(await judgeRestored(system, story, back))]);
  },
};
