import { setTimeout as wait } from 'node:timers/promises';
import { atMost, exactly, type FaultCase, type Finding, sumUp } from '../fault-case.ts';
import { countOf } from '../ledger.ts';
import { endStory, judgeTold } from '../judge.ts';
import { whileLocked } from '../locks.ts';
import { goDark, untilOver, untilServes } from '../story.ts';
import { type FaultSystem, type ServiceName, services } from '../system.ts';
import { type Answer, complaintsOf, isTaken, paymentOf, postAll, transformerOutages, type Write } from '../writes.ts';
import { untilPostgresServes } from './postgres.ts';

const LOCKED_MS = 20_000;
/** More than a service has connections: the last of them wait for one, and so does everybody else. */
const AT_ONCE = 40;
const RESUMED_MS = 15_000; // P8

/** What is locked, what is written meanwhile, and how many of these there are. */
type Held = {
  readonly name: ServiceName;
  readonly table: string;
  readonly count: string;
  writes(system: FaultSystem): Write[];
};

const held: readonly Held[] = [
  {
    name: 'outage',
    table: 'outage',
    count: `select count(*)::int as n from outage where status = 'open'`,
    writes: (system) => transformerOutages(system, AT_ONCE),
  },
  {
    name: 'complaint',
    table: 'complaint',
    count: 'select count(*)::int as n from complaint',
    writes: (system) => complaintsOf(system, { from: 1_000, count: AT_ONCE }),
  },
  {
    name: 'billing',
    table: 'account',
    count: 'select count(*)::int as n from entry',
    writes: (system) => Array.from({ length: AT_ONCE }, (_, n) => paymentOf(system, n)).map(withoutReference),
  },
];

const withoutReference = ({ url, key, body }: Write): Write => ({ url, key, body });

export const lockedServices: readonly FaultCase[] = held.map(({ name, table, count, writes: writesOf }) => ({
  name: `a table of ${name} held locked by a foreign session for ${LOCKED_MS / 1_000} s, ${AT_ONCE} writes waiting for it at once`,
  promise: 'P2, P8, P17, P18: it says that it is not ready, ends nothing, and takes each write once',
  isQuick: false,
  play: async (system) => {
    const rows = () => countOf(system.database(name), count);
    const before = await rows();
    const starts = system.processOf(name).starts();
    const writes = writesOf(system);
    let posted: Promise<readonly Answer[]> = Promise.resolve([]);
    const ready = await whileLocked(system, name, [table], async () => {
      posted = postAll(writes, AT_ONCE);
      await wait(LOCKED_MS);
      return readinessOf(system, name);
    });
    const at = Date.now();
    const taken = (await posted).filter(isTaken).length;
    const tookMs = Date.now() - at;
    await untilServes(system, name);
    return sumUp([
      exactly('is what its readiness answered', ready ?? 0, 503),
      exactly('writes taken', taken, AT_ONCE),
      exactly('rows more', (await rows()) - before, AT_ONCE),
      atMost('until the last was taken', tookMs, RESUMED_MS, ' ms'),
      exactly('ends of the service', system.processOf(name).starts() - starts, 0),
    ]);
  },
}));

/** What a service answers when it is asked whether it is ready; null when it does not answer. */
async function readinessOf(system: FaultSystem, name: ServiceName): Promise<number | null> {
  try {
    return (await fetch(`${system.urlOf(name)}/readyz`, { signal: AbortSignal.timeout(10_000) })).status;
  } catch {
    return null;
  }
}

const AWAY_MS = 20_000;

/** Starts every service while it cannot have its database. @returns what they said of it, and how often they ended by themselves. */
async function startWithout(system: FaultSystem): Promise<Finding[]> {
  const ends = () => services.reduce((sum, name) => sum + system.processOf(name).unaskedEnds(), 0);
  const before = ends();
  await Promise.all(services.map((name) => system.processOf(name).end('SIGKILL')));
  await wait(AWAY_MS);
  const answers = await Promise.all(services.map((name) => readinessOf(system, name)));
  return [
    exactly('services say that they are not ready', answers.filter((status) => status === 503).length, services.length),
    exactly('ends by themselves', ends() - before, 0),
  ];
}

async function judgeAfter(system: FaultSystem, findings: readonly Finding[]) {
  const at = Date.now();
  for (const name of services) await untilServes(system, name);
  const readyMs = Date.now() - at;
  const story = await goDark(system);
  await untilOver(system, story);
  return sumUp([
    ...findings,
    atMost('until all are ready', readyMs, RESUMED_MS, ' ms'),
    ...(await judgeTold(system, story)),
    ...(await endStory(system, story)),
  ]);
}

const startedAlone: FaultCase = {
  name: `PostgreSQL away when every service starts, and for ${AWAY_MS / 1_000} s`,
  promise: 'P3, P8, P18: they wait, say so, and go on',
  isQuick: false,
  play: async (system) => {
    const findings = await system.processOf('postgres').whileDown(() => startWithout(system), 'SIGINT');
    await untilPostgresServes(system);
    return judgeAfter(system, findings);
  },
};

const startedLocked: FaultCase = {
  name: `a table of every service held locked by a foreign session when it starts, and for ${AWAY_MS / 1_000} s`,
  promise: 'P3, P8, P18: they wait, say so, and go on',
  isQuick: false,
  play: async (system) => {
    const findings = await whileLocked(system, 'notifier', ['run'], () =>
      whileLocked(system, 'outage', ['outage'], () =>
        whileLocked(system, 'billing', ['account'], () =>
          whileLocked(system, 'complaint', ['complaint'], () =>
            whileLocked(system, 'consumer-registry', ['connection'], () => startWithout(system)),
          ),
        ),
      ),
    );
    return judgeAfter(system, findings);
  },
};

/** What a database that is away, or locked, is to a service that starts. */
export const startedWithoutDatabase: readonly FaultCase[] = [startedAlone, startedLocked];
