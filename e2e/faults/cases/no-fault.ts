import { atMost, type FaultCase, sumUp } from '../fault-case.ts';
import { mostInASecond } from '../smsc-log.ts';
import { endStory, judgeTold } from '../judge.ts';
import { firstAfter, goDark, textsOf, untilOver } from '../story.ts';
import { MOST_IN_A_SECOND } from '../system.ts';

const FIRST_TEXT_MS = 5_000; // P5

export const noFault: FaultCase = {
  name: 'none: an outage of the whole town and its end',
  promise: 'P3, P4, P5, P6',
  isQuick: true,
  play: async (system) => {
    const at = Date.now();
    const story = await goDark(system);
    await untilOver(system, story);
    const texts = textsOf(system, story, 'unplanned');
    return sumUp([
      ...(await judgeTold(system, story)),
      atMost('to the first text', firstAfter(texts, at), FIRST_TEXT_MS, ' ms'),
      atMost('texts in the fullest second', mostInASecond(texts), MOST_IN_A_SECOND),
      ...(await endStory(system, story)),
    ]);
  },
};
