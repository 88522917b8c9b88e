import { setTimeout as wait } from 'node:timers/promises';
import { until } from '@bijli/testing/until';
import { atMost, type FaultCase, type Finding, sumUp, told } from '../fault-case.ts';
import { ask } from '../ledger.ts';
import type { Weather } from '../proxy.ts';
import { endStory, judgeTold } from '../judge.ts';
import { whileLocked } from '../locks.ts';
import { type Arrival, longestSilence } from '../smsc-log.ts';
import { firstAfter, goDark, type Story, textsOf, untilOver, untilTold } from '../story.ts';
import { D, type FaultSystem } from '../system.ts';

const RESUMED_MS = 15_000; // P8
/** A second without PostgreSQL's word, and what was on its way (services/notifier/PROTOCOL.md, step 8). */
const SILENT_AFTER_MS = 2_000;

function resumed(system: FaultSystem, story: Story, at: number): Finding {
  const after = firstAfter(textsOf(system, story, 'unplanned'), at);
  return atMost('until texts left after it was there again', after, RESUMED_MS, ' ms');
}

/** What keeps PostgreSQL from the notifier, around the time in which it does. */
type Fault = {
  readonly name: string;
  readonly ms: number;
  readonly promise?: string;
  readonly isQuick?: boolean;
  /** Whether it may still send. */
  readonly isSlow?: boolean;
  around(system: FaultSystem, time: () => Promise<void>): Promise<void>;
};

/** Plays a fault of PostgreSQL, as the notifier sees it, in the middle of a run. */
const inRun = (fault: Fault): FaultCase => ({
  name: fault.name,
  promise: fault.promise ?? 'P3, P4, P6 (silent without its word), P8',
  isQuick: fault.isQuick ?? false,
  play: async (system) => {
    const story = await goDark(system);
    await untilTold(system, story, 0.3);
    let late: readonly Arrival[] = [];
    let at = 0;
    await fault.around(system, async () => {
      at = Date.now();
      await wait(fault.ms);
      late = textsOf(system, story, 'unplanned').filter((text) => text.at > at);
    });
    const clearAt = Date.now();
    await untilOver(system, story);
    return sumUp([
      told(`${late.length} texts after it began`),
      ...(fault.isSlow === true
        ? []
        : [atMost('until the last of them', (late.at(-1)?.at ?? at) - at, SILENT_AFTER_MS, ' ms')]),
      resumed(system, story, clearAt),
      ...(await judgeTold(system, story, fault.ms > LEASE_MS ? { repeats: D, doubts: D } : {})),
      ...(await endStory(system, story)),
    ]);
  },
});

/** Weather between the notifier and its PostgreSQL. */
const weather = (name: string, between: Weather, ms: number, more: Partial<Fault> = {}): FaultCase =>
  inRun({
    ...{ name, ms, isSlow: between.is === 'slow' },
    around: async (system, time) => {
      await system.proxies.postgres.be(between);
      await time();
      await system.proxies.postgres.be({ is: 'clear' });
    },
    ...more,
  });

const LEASE_MS = 30_000;

export const postgresWeather: readonly FaultCase[] = [
  weather('the notifier cut off from PostgreSQL for 8 s', { is: 'cut' }, 8_000, { isQuick: true }),
  weather('nothing passes between the notifier and PostgreSQL for 40 s', { is: 'frozen' }, 40_000),
  weather('the connections to PostgreSQL half-open for 40 s', { is: 'half-open' }, 40_000),
  weather(
    'PostgreSQL hears the notifier for 10 s, which hears nothing',
    { is: 'one-way', passes: 'to-server' },
    10_000,
  ),
  weather('each piece to and from PostgreSQL 100 ms late for 15 s', { is: 'slow', ms: 100 }, 15_000, {
    promise: 'P3, P4',
  }),
];

/** As long as a statement may wait, and longer. */
const LOCKED_MS = 40_000;

export const lockedRuns: FaultCase = inRun({
  name: `the notifier’s runs and chunks held locked by a foreign session for ${LOCKED_MS / 1_000} s`,
  ms: LOCKED_MS,
  around: (system, time) => whileLocked(system, 'notifier', ['run', 'chunk'], time),
});

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

/** Waits until PostgreSQL answers. */
export async function untilPostgresServes(system: FaultSystem): Promise<void> {
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
