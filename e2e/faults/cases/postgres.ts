import { setTimeout as wait } from 'node:timers/promises';
import { until } from '@bijli/testing/until';
import { atMost, type FaultCase, type Finding, sumUp, told } from '../fault-case.ts';
import { ask } from '../ledger.ts';
import type { Weather } from '../proxy.ts';
import { longestSilence } from '../smsc-log.ts';
import { endStory, judgeTold } from '../judge.ts';
import { firstAfter, goDark, type Story, textsOf, untilOver, untilTold } from '../story.ts';
import { D, type FaultSystem } from '../system.ts';

const RESUMED_MS = 15_000; // P8
/** A second without PostgreSQL's word, and what was on its way (services/notifier/PROTOCOL.md, step 8). */
const SILENT_AFTER_MS = 2_000;

function resumed(system: FaultSystem, story: Story, at: number): Finding {
  const after = firstAfter(textsOf(system, story, 'unplanned'), at);
  return atMost('until texts left after it was there again', after, RESUMED_MS, ' ms');
}

/** Plays weather between the notifier and its PostgreSQL in the middle of a run. */
const weather = (name: string, between: Weather, ms: number, more: Partial<FaultCase> = {}): FaultCase => ({
  name,
  promise: 'P3, P4, P6 (silent without its word), P8',
  isQuick: false,
  play: async (system) => {
    const story = await goDark(system);
    await untilTold(system, story, 0.3);
    const at = Date.now();
    await system.proxies.postgres.be(between);
    await wait(ms);
    const late = textsOf(system, story, 'unplanned').filter((text) => text.at > at);
    await system.proxies.postgres.be({ is: 'clear' });
    const clearAt = Date.now();
    await untilOver(system, story);
    return sumUp([
      told(`${late.length} texts after it began`),
      ...(between.is === 'slow'
        ? []
        : [atMost('until the last of them', (late.at(-1)?.at ?? at) - at, SILENT_AFTER_MS, ' ms')]),
      resumed(system, story, clearAt),
      ...(await judgeTold(system, story, ms > LEASE_MS ? { repeats: D, doubts: D } : {})),
      ...(await endStory(system, story)),
    ]);
  },
  ...more,
});

const LEASE_MS = 30_000;

export const postgresWeather: readonly FaultCase[] = [
  weather('the notifier cut off from PostgreSQL for 8 s', { is: 'cut' }, 8_000, { isQuick: true }),
  weather('nothing passes between the notifier and PostgreSQL for 40 s', { is: 'frozen' }, 40_000),
  weather(
    'PostgreSQL hears the notifier for 10 s, which hears nothing',
    { is: 'one-way', passes: 'to-server' },
    10_000,
  ),
  weather('each piece to and from PostgreSQL 100 ms late for 15 s', { is: 'slow', ms: 100 }, 15_000, {
    promise: 'P3, P4',
  }),
];

export const killedBackend: FaultCase = {
  name: 'kill -9 of a PostgreSQL backend of the notifier in a run',
  promise: 'P3, P4, P8',
  isQuick: false,
  play: async (system) => {
    const story = await goDark(system);
    await untilTold(system, story, 0.3);
    const sql = `select pid from pg_stat_activity where usename = 'notifier_app' and datname = 'notifier' limit 1`;
    const [backend] = await ask<{ pid: number }>(system.database('notifier'), sql);
    if (backend === undefined) throw new Error('the notifier has no backend');
    process.kill(backend.pid, 'SIGKILL');
    await untilPostgresServes(system);
    return concluded(system, story, Date.now());
  },
};

export const restartedPostgres: FaultCase = {
  name: 'immediate stop of PostgreSQL in a run, and its start',
  promise: 'P3, P4, P8',
  isQuick: false,
  play: async (system) => {
    const story = await goDark(system);
    await untilTold(system, story, 0.3);
    await system.processOf('postgres').end('SIGQUIT');
    await untilPostgresServes(system);
    return concluded(system, story, Date.now());
  },
};

async function untilPostgresServes(system: FaultSystem): Promise<void> {
  await until(() => ask(system.database('notifier'), 'select 1 as one'), {
    deadlineMs: 60_000,
    describe: 'PostgreSQL to accept connections',
  });
}

async function concluded(system: FaultSystem, story: Story, at: number) {
  await untilOver(system, story);
  return sumUp([
    resumed(system, story, at),
    told(`longest silence ${longestSilence(textsOf(system, story, 'unplanned'))} ms`),
    ...(await judgeTold(system, story, { repeats: D, doubts: D })),
    ...(await endStory(system, story)),
  ]);
}
