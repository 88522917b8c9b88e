import { setTimeout as wait } from 'node:timers/promises';
import { until } from '@bijli/testing/until';
import { atMost, exactly, type FaultCase, sumUp, told } from '../fault-case.ts';
import { ask } from '../ledger.ts';
import type { Weather } from '../proxy.ts';
import { longestSilence } from '../smsc-log.ts';
import { endStory, judgeRestored, judgeTold } from '../judge.ts';
import { bringBack, goDark, textsOf, untilOver, untilTold } from '../story.ts';
import type { FaultSystem } from '../system.ts';
import { postPayments, stillMissing } from '../writes.ts';

const SAID_MS = 60_000; // P8

/** Waits until everything that was committed has been said. @returns how long that took, milliseconds. */
async function untilSaid(system: FaultSystem, name: 'billing' | 'outage'): Promise<number> {
  const at = Date.now();
  const sql = 'select count(*)::int as n from outbox where published_at is null';
  const waiting = async () => (await ask<{ n: number }>(system.database(name), sql))[0]?.n;
  await until(async () => (await waiting()) === 0, {
    deadlineMs: 2 * SAID_MS,
    describe: `the outbox of ${name} to be empty`,
  });
  return Date.now() - at;
}

export const killedKafka: FaultCase = {
  name: 'kill -9 of Kafka in a run, payments posted meanwhile',
  promise: 'P1, P3, P4, P8, P16',
  isQuick: true,
  play: async (system) => {
    const story = await goDark(system);
    await untilTold(system, story, 0.2);
    const [payments] = await Promise.all([postPayments(system, 60), system.processOf('kafka').end('SIGKILL')]);
    const saidMs = await untilSaid(system, 'billing');
    await untilOver(system, story);
    return sumUp([
      exactly('of 60 payments answered', payments.filter(({ status }) => status === 201).length, 60),
      exactly('answered and not in the ledger', await stillMissing(system, payments), 0),
      atMost('until all of them were said', saidMs, SAID_MS, ' ms'),
      told(`longest silence of the run ${longestSilence(textsOf(system, story, 'unplanned'))} ms`),
      ...(await judgeTold(system, story)),
      ...(await endStory(system, story)),
    ]);
  },
};

const FROZEN_MS = 60_000;
const PLANNED_MS = 60_000; // P8

export const frozenKafka: FaultCase = {
  name: `Kafka frozen for ${FROZEN_MS / 1_000} s in a run, the restoration posted into it`,
  promise: 'P3, P6, P8, P16',
  isQuick: false,
  play: async (system) => {
    const story = await goDark(system);
    await untilTold(system, story, 0.2);
    const { pid } = system.processOf('kafka');
    process.kill(pid(), 'SIGSTOP');
    const posted = Date.now();
    const back = await bringBack(system, story);
    const answered = Date.now() - posted;
    await wait(FROZEN_MS);
    process.kill(pid(), 'SIGCONT');
    const at = Date.now();
    await untilOver(system, back);
    return sumUp([
      told(`the restoration answered after ${answered} ms`),
      atMost(
        'from the thaw to the last text of the return',
        (textsOf(system, back, 'restored').at(-1)?.at ?? at) - at,
        PLANNED_MS,
        ' ms',
      ),
      ...(await judgeRestored(system, story, back)),
    ]);
  },
};

/** Plays weather between everybody and Kafka in a run; payments are posted into it. */
const weather = (name: string, between: Weather, ms: number): FaultCase => ({
  name: `${name} for ${ms / 1_000} s in a run, payments posted meanwhile`,
  promise: 'P1, P3, P4, P8, P16',
  isQuick: false,
  play: async (system) => {
    const story = await goDark(system);
    await untilTold(system, story, 0.2);
    await system.proxies.kafka.be(between);
    const payments = await postPayments(system, 60);
    await wait(ms);
    await system.proxies.kafka.be({ is: 'clear' });
    const saidMs = await untilSaid(system, 'billing');
    await untilOver(system, story);
    return sumUp([
      exactly('of 60 payments answered', payments.filter(({ status }) => status === 201).length, 60),
      exactly('answered and not in the ledger', await stillMissing(system, payments), 0),
      atMost('until all of them were said', saidMs, SAID_MS, ' ms'),
      ...(await judgeTold(system, story)),
      ...(await endStory(system, story)),
    ]);
  },
});

export const kafkaWeather: readonly FaultCase[] = [
  weather('everybody cut off from Kafka', { is: 'cut' }, 20_000),
  weather('Kafka heard by nobody, though it hears all,', { is: 'one-way', passes: 'to-server' }, 40_000),
  weather('each piece to and from Kafka 200 ms late', { is: 'slow', ms: 200 }, 15_000),
];
