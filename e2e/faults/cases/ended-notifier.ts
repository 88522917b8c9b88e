import { setTimeout as wait } from 'node:timers/promises';
import { atMost, exactly, type FaultCase, type Finding, sumUp, told } from '../fault-case.ts';
import { mostInASecond } from '../smsc-log.ts';
import { endStory, judgeTold } from '../judge.ts';
import { behave, firstAfter, goDark, type Story, textsOf, untilOver, untilTold } from '../story.ts';
import { D, type FaultSystem, MOST_IN_A_SECOND } from '../system.ts';

const RESUMED_MS = 45_000; // P8
/** A kill reaches what was written before it: texts of its last moments are not those of the next holder. */
const LAST_WORDS_MS = 500;

const resumed = (system: FaultSystem, story: Story, at: number): Finding =>
  atMost(
    'until texts left again',
    LAST_WORDS_MS + firstAfter(textsOf(system, story, 'unplanned'), at + LAST_WORDS_MS),
    RESUMED_MS,
    ' ms',
  );

const killedAt = (percent: number, more: { isQuick?: boolean; withoutReceipts?: boolean } = {}): FaultCase => ({
  name: `kill -9 of the notifier when ${percent} % are told${more.withoutReceipts === true ? ', no receipts coming' : ''}`,
  promise: 'P3, P4, P8',
  isQuick: more.isQuick ?? false,
  play: async (system) => {
    // A receipt settles what is in doubt; without one it goes once more.
    if (more.withoutReceipts === true) await behave(system, { missingReceiptRate: 1 });
    const story = await goDark(system);
    await untilTold(system, story, percent / 100);
    const at = Date.now();
    await system.processOf('notifier').end('SIGKILL');
    await untilOver(system, story);
    return sumUp([
      ...(await judgeTold(system, story, { repeats: D, doubts: D })),
      resumed(system, story, at),
      ...(await endStory(system, story)),
    ]);
  },
});

export const killedNotifier: readonly FaultCase[] = [
  killedAt(10),
  killedAt(50, { isQuick: true }),
  killedAt(60, { withoutReceipts: true }),
  killedAt(90),
];

export const stoppedNotifier: FaultCase = {
  name: 'SIGTERM to the notifier, twice in one run',
  promise: 'P3, P4: 0 repeats',
  isQuick: true,
  play: async (system) => {
    const story = await goDark(system);
    for (const share of [0.3, 0.6]) {
      await untilTold(system, story, share);
      await system.processOf('notifier').end('SIGTERM');
    }
    await untilOver(system, story);
    return sumUp([...(await judgeTold(system, story)), ...(await endStory(system, story))]);
  },
};

const SUSPENDED_MS = 40_000;
const SETTLED_MS = 5_000;

export const suspendedNotifier: FaultCase = {
  name: `SIGSTOP of the notifier for ${SUSPENDED_MS / 1_000} s in a run, then SIGCONT`,
  promise: 'P3, P4, P8',
  isQuick: false,
  play: async (system) => {
    const story = await goDark(system);
    await untilTold(system, story, 0.4);
    const { pid } = system.processOf('notifier');
    process.kill(pid(), 'SIGSTOP');
    await wait(SUSPENDED_MS);
    process.kill(pid(), 'SIGCONT');
    await untilOver(system, story);
    return sumUp([...(await judgeTold(system, story, { repeats: D, doubts: D })), ...(await endStory(system, story))]);
  },
};

export const successor: FaultCase = {
  name: `two notifiers, one of them frozen with SIGSTOP for ${SUSPENDED_MS / 1_000} s in a run, then SIGCONT`,
  promise: 'P3, P4, P8: the other tells, and the frozen one nothing more',
  isQuick: false,
  play: async (system) => {
    const another = await system.startAnotherNotifier();
    try {
      const story = await goDark(system);
      await untilTold(system, story, 0.4);
      const { pid } = system.processOf('notifier');
      process.kill(pid(), 'SIGSTOP');
      const at = Date.now();
      await wait(SUSPENDED_MS);
      const before = textsOf(system, story, 'unplanned').length;
      process.kill(pid(), 'SIGCONT');
      await wait(SETTLED_MS);
      const after = textsOf(system, story, 'unplanned').length - before;
      await untilOver(system, story);
      const latest = textsOf(system, story, 'unplanned')
        .filter((text) => text.at <= at + SUSPENDED_MS)
        .at(-1);
      return sumUp([
        told(`the last text ${(latest?.at ?? at) - at} ms after it froze`),
        exactly('texts after it went on', after, 0),
        exactly('ends of the other that nobody asked for', another.unaskedEnds(), 0),
        ...(await judgeTold(system, story, { repeats: D, doubts: D })),
        ...(await endStory(system, story)),
      ]);
    } finally {
      await another.stop();
    }
  },
};

export const twoNotifiers: FaultCase = {
  name: 'two notifiers, one of them killed with -9 in a run',
  promise: 'P2, P3, P4, P5',
  isQuick: false,
  play: async (system) => {
    const another = await system.startAnotherNotifier();
    try {
      const story = await goDark(system);
      await untilTold(system, story, 0.4);
      const before = mostInASecond(textsOf(system, story, 'unplanned'));
      await system.processOf('notifier').end('SIGKILL');
      await untilOver(system, story);
      const texts = textsOf(system, story, 'unplanned');
      return sumUp([
        ...(await judgeTold(system, story, { repeats: D, doubts: D })),
        atMost('texts in the fullest second with both', before, MOST_IN_A_SECOND),
        atMost('texts in the fullest second of all', mostInASecond(texts), MOST_IN_A_SECOND),
        exactly('ends of the second that nobody asked for', another.unaskedEnds(), 0),
        ...(await endStory(system, story)),
      ]);
    } finally {
      await another.stop();
    }
  },
};
