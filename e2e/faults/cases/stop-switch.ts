import { setTimeout as wait } from 'node:timers/promises';
import { call } from '../../started-system.ts';
import { atMost, exactly, type FaultCase, type Finding, sumUp, told } from '../fault-case.ts';
import { endStory, judgeTold } from '../judge.ts';
import type { Arrival } from '../smsc-log.ts';
import { behave, goDark, textsOf, untilOver, untilTold } from '../story.ts';
import { D, type FaultSystem } from '../system.ts';
import { billsOf } from '../writes.ts';
import { judgeBills, postBills, untilBilled } from './bills.ts';

const SILENT_WITHIN_MS = 1_000;
const STOPPED_MS = 8_000;
const ANSWER_MS = 4_000;

async function turn(system: FaultSystem, isStopped: boolean): Promise<void> {
  const change = { isStopped, reason: 'fault test', changedBy: 'faults' };
  await call('PUT', `${system.urlOf('notifier')}/v1/sending`, change);
}

/** Stops all sending, waits, and lets it go on. What the SMSC refuses has left too. */
async function stopFor(system: FaultSystem, mark: number): Promise<Finding[]> {
  await turn(system, true);
  const at = Date.now();
  await wait(STOPPED_MS);
  const late: readonly Arrival[] = system.smsc.since(mark).filter((text) => text.at > at);
  await behave(system, {});
  await turn(system, false);
  return [
    told(`${late.length} texts after the switch was answered`),
    atMost('until the last of them', (late.at(-1)?.at ?? at) - at, SILENT_WITHIN_MS, ' ms'),
  ];
}

/** Stops all sending in a run to an SMSC that is not as usual, when a share is told. */
const stopped = (what: string, knobs: Readonly<Record<string, unknown>>, share: number): FaultCase => ({
  name: `all sending stopped while the SMSC ${what}`,
  promise: 'P6 (the stop switch: silent within a second), P3, P4',
  isQuick: false,
  play: async (system) => {
    if (share <= 0.02) await behave(system, knobs);
    const story = await goDark(system);
    await untilTold(system, story, share);
    await behave(system, knobs);
    const findings = await stopFor(system, story.mark);
    await untilOver(system, story);
    return sumUp([
      ...findings,
      ...(await judgeTold(system, story, { repeats: D, doubts: D })),
      ...(await endStory(system, story)),
    ]);
  },
});

const BILLS = 1_200;

const stoppedBills: FaultCase = {
  name: `all sending stopped while ${BILLS} bills are sent, most of them in two parts`,
  promise: 'P6 (the stop switch: silent within a second), P3, P4: 0 repeats',
  isQuick: false,
  play: async (system) => {
    const mark = system.smsc.mark();
    const bills = billsOf(system, { from: 0, count: BILLS });
    const taken = await postBills(bills);
    const before = textsOf(system, { mark }, 'bill').length;
    const findings = await stopFor(system, mark);
    await untilBilled(
      system,
      bills.map(({ reference }) => reference),
    );
    return sumUp([
      exactly('bills taken', taken, BILLS),
      { what: `${before} told before it (fewer than ${BILLS})`, isSo: before > 0 && before < BILLS },
      ...findings,
      ...judgeBills(system, bills, mark),
    ]);
  },
};

export const stopSwitch: readonly FaultCase[] = [
  stopped(`answers after ${ANSWER_MS / 1_000} s`, { answerDelayMs: ANSWER_MS }, 0.02),
  stopped('throttles above 100 texts a second', { throttleAbovePerSecond: 100 }, 0.3),
  stopped('answers ESME_RSYSERR to every text', { refuseStatus: 0x08 }, 0.3),
  stoppedBills,
];
