import { setTimeout as wait } from 'node:timers/promises';
import { atMost, exactly, type FaultCase, sumUp, told } from '../fault-case.ts';
import { ask } from '../ledger.ts';
import { endStory, judgeTold } from '../judge.ts';
import type { Weather } from '../proxy.ts';
import { behave, firstAfter, goDark, textsOf, untilOver, untilServes, untilTold } from '../story.ts';
import { CONTRACT, D, type FaultSystem } from '../system.ts';

const EVERY_SUBMITS = 500;
const RESUMED_MS = 45_000; // P8

/** Messages of an outage that were ever in doubt. */
async function doubtsOf(system: FaultSystem, outageId: string): Promise<number> {
  const sql = `select count(distinct (s.run_id, s.chunk_no, s.seq))::int as n from message_state s join run r using (run_id)
                where r.thread_id = $1 and s.state in ('ambiguous', 'in-doubt')`;
  const [row] = await ask<{ n: number }>(system.database('notifier'), sql, [`outage:${outageId}`]);
  return row?.n ?? 0;
}

export const droppedLink: FaultCase = {
  name: `the SMSC drops the connection at every ${EVERY_SUBMITS}th text, without an answer`,
  promise: 'P3, P4',
  isQuick: true,
  play: async (system) => {
    await behave(system, { disconnectEverySubmits: EVERY_SUBMITS });
    const story = await goDark(system);
    await untilTold(system, story, 0.9);
    await behave(system, {});
    await untilOver(system, story);
    const drops = Math.ceil(textsOf(system, story, 'unplanned').length / EVERY_SUBMITS);
    const most = drops * CONTRACT.window;
    return sumUp([
      atMost('messages that were in doubt', await doubtsOf(system, story.id), most),
      ...(await judgeTold(system, story, { repeats: most, doubts: most })),
      ...(await endStory(system, story)),
    ]);
  },
};

const SILENT_SHARE = 0.02;

export const silentSmsc: FaultCase = {
  name: `the SMSC never answers ${SILENT_SHARE * 100} % of the texts`,
  promise: 'P3, P4',
  isQuick: false,
  play: async (system) => {
    await behave(system, { noAnswerRate: SILENT_SHARE });
    const story = await goDark(system);
    await untilOver(system, story);
    await behave(system, {});
    const unanswered = textsOf(system, story, 'unplanned').filter(({ status }) => status === null).length;
    return sumUp([
      told(`${unanswered} texts without an answer`),
      ...(await judgeTold(system, story, { repeats: unanswered, doubts: unanswered })),
      ...(await endStory(system, story)),
    ]);
  },
};

const away = (name: string, weather: Weather, ms: number): FaultCase => ({
  name,
  promise: 'P3, P4, P8',
  isQuick: false,
  play: async (system) => {
    const story = await goDark(system);
    await untilTold(system, story, 0.3);
    await system.proxies.smsc.be(weather);
    await wait(ms);
    await system.proxies.smsc.be({ is: 'clear' });
    const at = Date.now();
    await untilOver(system, story);
    return sumUp([
      atMost('until texts left again', firstAfter(textsOf(system, story, 'unplanned'), at), RESUMED_MS, ' ms'),
      ...(await judgeTold(system, story, { repeats: D, doubts: D })),
      ...(await endStory(system, story)),
    ]);
  },
});

export const awaySmsc: readonly FaultCase[] = [
  away('the connection to the SMSC half-open for 45 s', { is: 'half-open' }, 45_000),
  away('texts reach the SMSC for 20 s, and no answer comes back', { is: 'one-way', passes: 'to-server' }, 20_000),
  away('the SMSC down for 120 s', { is: 'cut' }, 120_000),
];

const AWAY_MS = 20_000;

export const awayAtStart: FaultCase = {
  name: `the SMSC away when the notifier starts, and for ${AWAY_MS / 1_000} s of a run`,
  promise: 'P3, P4, P16 (writes and reads stay up)',
  isQuick: false,
  play: async (system) => {
    await system.proxies.smsc.be({ is: 'cut' });
    await system.processOf('notifier').startWith({});
    await untilServes(system, 'notifier');
    const story = await goDark(system);
    await wait(AWAY_MS);
    const early = textsOf(system, story, 'unplanned').length;
    await system.proxies.smsc.be({ is: 'clear' });
    await untilOver(system, story);
    return sumUp([
      exactly('texts while it was away', early, 0),
      ...(await judgeTold(system, story)),
      ...(await endStory(system, story)),
    ]);
  },
};
