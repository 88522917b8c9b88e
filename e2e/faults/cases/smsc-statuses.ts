import { setTimeout as wait } from 'node:timers/promises';
import { atMost, exactly, type FaultCase, type Finding, sumUp } from '../fault-case.ts';
import { ask } from '../ledger.ts';
import { endStory, judgeTold } from '../judge.ts';
import { behave, goDark, type Story, untilOver, untilTold } from '../story.ts';
import type { FaultSystem } from '../system.ts';

/** What the SMSC says to every text for a while (SMPP 3.4, 5.1.3): it means "not now", or "not with this header", and no number is to blame. */
const passing = [
  ['ESME_RTHROTTLED', 0x58],
  ['ESME_RSYSERR', 0x08],
  ['ESME_RX_T_APPN', 0x64],
  ['ESME_RINVBNDSTS', 0x04],
  ['ESME_RINVSRCADR', 0x0a],
] as const;
const SHORT_MS = 1_000;
const LONG_MS = 10_000;
const MINUTE_MS = 60_000;

/** Refuses all texts with a status, so long each time, when these shares of the town are told. */
const refusing = (status: string, refuseStatus: number, times: readonly (readonly [share: number, ms: number])[]) => ({
  name: `the SMSC answers ${status} to every text for ${times.map(([, ms]) => `${ms / 1_000} s`).join(', and for ')} of a run`,
  promise: 'P3, P4: 0 repeats',
  isQuick: false,
  play: async (system: FaultSystem) => {
    const story = await goDark(system);
    for (const [share, ms] of times) {
      await untilTold(system, story, share);
      await behave(system, { refuseStatus });
      await wait(ms);
      await behave(system, {});
    }
    await untilOver(system, story);
    return sumUp([...(await concluded(system, story)), ...(await endStory(system, story))]);
  },
});

export const passingStatuses: readonly FaultCase[] = passing.flatMap(([status, code]) => [
  refusing(status, code, [
    [0.2, SHORT_MS],
    [0.5, LONG_MS],
  ]),
  refusing(status, code, [[0.3, MINUTE_MS]]),
]);

async function concluded(system: FaultSystem, story: Story): Promise<Finding[]> {
  return [
    { what: `${refusalsOf(system, story)} refused (at least 1)`, isSo: refusalsOf(system, story) > 0 },
    exactly('numbers rejected', await rejectedOf(system, story), 0),
    ...(await judgeTold(system, story)),
  ];
}

const refusalsOf = ({ smsc }: FaultSystem, { mark }: Story): number =>
  smsc.since(mark).filter(({ status }) => status !== 0 && status !== null).length;

async function rejectedOf(system: FaultSystem, { id }: Story): Promise<number> {
  const sql = `select count(*)::int as n from message_state s join run r using (run_id) where r.thread_id = $1 and s.state = 'rejected'`;
  const [row] = await ask<{ n: number }>(system.database('notifier'), sql, [`outage:${id}`]);
  return row?.n ?? 0;
}

const ACCEPTED_PER_SECOND = 100;

export const throttledStorm: FaultCase = {
  name: `the SMSC throttles above ${ACCEPTED_PER_SECOND} texts a second`,
  promise: 'P3, P4: 0 repeats',
  isQuick: false,
  play: async (system) => {
    await behave(system, { throttleAbovePerSecond: ACCEPTED_PER_SECOND });
    const story = await goDark(system);
    await untilTold(system, story, 0.5);
    await behave(system, {});
    await untilOver(system, story);
    return sumUp([...(await concluded(system, story)), ...(await endStory(system, story))]);
  },
};

const WRONG_MS = 20_000;
const MOST_TRIED = 200;

export const wrongHeader: FaultCase = {
  name: `the SMSC does not know the header (ESME_RINVSRCADR) for ${WRONG_MS / 1_000} s`,
  promise: `P3: it stops itself within ${MOST_TRIED} texts and rejects no number`,
  isQuick: false,
  play: async (system) => {
    await behave(system, { refuseStatus: 0x0a });
    const story = await goDark(system);
    await wait(WRONG_MS);
    const tried = refusalsOf(system, story);
    await behave(system, {});
    await untilOver(system, story);
    return sumUp([
      atMost('texts tried with it', tried, MOST_TRIED),
      ...(await concluded(system, story)),
      ...(await endStory(system, story)),
    ]);
  },
};
