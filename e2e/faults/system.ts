import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@bijli/testing/until';
import { makeDatabases } from '@bijli/start/databases';
import { findJava } from '@bijli/start/java';
import { startKafka } from '@bijli/start/kafka';
import { loadTown } from '@bijli/start/load-town';
import { migrateAll } from '@bijli/start/migrations';
import { startPostgres } from '@bijli/start/postgres';
import { openSecrets, type Secrets } from '@bijli/start/secrets';
import { launchOf, ownPrograms, type Program, servicePrograms } from '@bijli/start/services';
import { readStartSettings, type StartSettings } from '@bijli/start/settings';
import { makeTopics } from '@bijli/start/topics';
import { readCsv, type Row } from '../independent/csv.ts';
import { type Addressee, addressees, connectionsBelow } from '../independent/town.ts';
import { type Changes, keepProcess, type KeptProcess } from './kept-process.ts';
import { type DatabaseAddress, indexerOf } from './ledger.ts';
import { type Proxy, startProxy } from './proxy.ts';
import { openSmscLog, type SmscLog } from './smsc-log.ts';

/** The provider account of every case: slow enough that a town takes some seconds. Parts a second, unanswered messages on a bind. */
export const CONTRACT = { partsPerSecond: 400, window: 50 };
/**
 * Texts in any second at most, as the SMSC dates them: it does so when it comes to read them, and on a busy machine it may come 50 ms late, to
 * some of the second before.
 */
export const MOST_IN_A_SECOND = 1.05 * CONTRACT.partsPerSecond;
/** Messages that one kill may repeat or leave in doubt: two slices of a tenth of a second, of 50 at least (services/notifier/PROTOCOL.md, step 6). */
export const D = 2 * Math.max(50, CONTRACT.partsPerSecond / 10);

/** How the SMSC is where no case says otherwise: texts are on their way when something happens. */
export const USUAL_SMSC = { answerDelayMs: 80 };

/** The services that have a database. */
export const services = ['consumer-registry', 'outage', 'billing', 'complaint', 'notifier'] as const;
/** A service that has a database. */
export type ServiceName = (typeof services)[number];
type ProcessName = ServiceName | 'sms-simulator' | 'postgres' | 'kafka' | 'schema-endpoint' | 'trace-sink';

/** The system as `npm start` has it, each process to be killed, and a proxy before what the notifier and Kafka's users connect to. */
export type FaultSystem = {
  readonly folder: string;
  readonly basePort: number;
  readonly people: readonly Addressee[];
  readonly connections: readonly Row[];
  /** Those whom an outage of a node concerns and reaches. */
  peopleBelow(code: string): readonly Addressee[];
  /** Code of the node that everybody hangs on. */
  readonly zone: string;
  readonly smsc: SmscLog;
  /** Before the notifier's PostgreSQL, everybody's Kafka, and the SMSC. */
  readonly proxies: { readonly postgres: Proxy; readonly kafka: Proxy; readonly smsc: Proxy };
  urlOf(name: ServiceName | 'sms-simulator' | 'schema-endpoint'): string;
  processOf(name: ProcessName): KeptProcess;
  /** Every process that was started. */
  processes(): readonly KeptProcess[];
  database(name: ServiceName): DatabaseAddress;
  indexOf(mobile: string): string;
  /** Events that Kafka had forgotten before they were heard, by their ids: a case adds its own. */
  readonly forgotten: Set<string>;
  /** Starts one more notifier, on a port of its own; the caller stops it. */
  startAnotherNotifier(): Promise<KeptProcess>;
  stop(): Promise<void>;
};

const proxyOffsets = { postgres: 20, kafka: 21, smsc: 22 };
const anotherNotifierOffset = 25;
const startWithinMs = 120_000;

/** Starts everything on ports and data of its own, with a town in it. */
export async function startFaultSystem(basePort: number): Promise<FaultSystem> {
  const folder = mkdtempSync(join(tmpdir(), 'bijli-faults-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user where we are root
  mkdirSync(join(folder, 'logs'));
  const settings = readStartSettings({ BIJLI_PORT: String(basePort), BIJLI_DATA: folder }, []);
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const one of started.splice(0).toReversed()) await one.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const keep = async (name: string, launch: Parameters<typeof keepProcess>[2]): Promise<KeptProcess> => {
    const kept = await keepProcess(name, join(folder, 'logs', `${name}.log`), launch);
    started.push(kept);
    return kept;
  };
  try {
    return await bringUp({ settings, keep, started, stop });
  } catch (fault) {
    await stop();
    throw fault;
  }
}

type Bringing = {
  readonly settings: StartSettings;
  readonly keep: (name: string, launch: Parameters<typeof keepProcess>[2]) => Promise<KeptProcess>;
  readonly started: { stop(): Promise<void> }[];
  readonly stop: () => Promise<void>;
};

async function bringUp({ settings, keep, started, stop }: Bringing): Promise<FaultSystem> {
  const { dataFolder: folder, ports, basePort } = settings;
  const secrets = await openSecrets(join(folder, 'secrets'));
  const proxies = {
    postgres: await startProxy({ port: basePort + proxyOffsets.postgres, serverPort: ports.postgres }),
    kafka: await startProxy({ port: basePort + proxyOffsets.kafka, serverPort: ports.kafka }),
    smsc: await startProxy({ port: basePort + proxyOffsets.smsc, serverPort: ports.smpp }),
  };
  started.push(...Object.values(proxies));
  const kept = new Map<string, KeptProcess>();
  const programs = await startServers(settings, secrets, async (name, launch) => {
    kept.set(name, await keep(name, launch));
  });
  const run = (program: Program) =>
    keep(program.name, (changes, onOutput) => launchOf(changed(program, changes))(onOutput));
  for (const program of programs) kept.set(program.name, await run(program));
  await untilReady(programs);
  const addressOf = (name: keyof typeof ports): string => `http://127.0.0.1:${ports[name]}`;
  await loadTown({ dataFolder: folder, registry: addressOf('consumer-registry'), notifier: addressOf('notifier') });
  const connections = readCsv(join(folder, 'town/connections.csv'));
  const network = readCsv(join(folder, 'town/network.csv'));
  const passwords = new Map<string, string>();
  for (const name of services) passwords.set(name, await secrets.password(ownerOf(name)));
  return {
    ...{ folder, basePort, connections, proxies, stop },
    forgotten: new Set(),
    people: addressees(connections),
    peopleBelow: (code) => addressees(connectionsBelow(network, connections, code)),
    zone: network.find((node) => node['kind'] === 'zone')?.['code'] ?? '',
    smsc: openSmscLog(join(folder, 'sms-simulator/pdus.jsonl')),
    urlOf: addressOf,
    processOf: (name) => kept.get(name) as KeptProcess,
    processes: () => [...kept.values()],
    database: (name) => ({
      port: ports.postgres,
      user: ownerOf(name),
      password: passwords.get(name) ?? '',
      database: name.replaceAll('-', '_'),
    }),
    indexOf: indexerOf(secrets.files.blindIndexKey),
    startAnotherNotifier: () => startAnother(programs, basePort + anotherNotifierOffset, keep),
  };
}

const ownerOf = (name: ServiceName): string => `${name.replaceAll('-', '_')}_owner`;

/** Starts PostgreSQL and Kafka and prepares them. @returns the programs that go on them. */
async function startServers(
  settings: StartSettings,
  secrets: Secrets,
  keep: (name: string, launch: Parameters<typeof keepProcess>[2]) => Promise<void>,
): Promise<Program[]> {
  const { dataFolder: parentFolder, cacheFolder, ports, basePort } = settings;
  const java = await findJava(process.env);
  if (java === null || java === undefined) throw new Error('Kafka needs a Java, and there is none');
  const password = await secrets.password('postgres');
  const kafkaPorts = { port: ports.kafka, controllerPort: ports['kafka-controller'] };
  const advertisedPort = basePort + proxyOffsets.kafka;
  const folder = join(parentFolder, 'kafka');
  await keep('postgres', async (_, onOutput) => {
    return (await startPostgres({ parentFolder, port: ports.postgres, password, onOutput })).process;
  });
  await keep('kafka', async (_, onOutput) => {
    return (await startKafka({ java, folder, cacheFolder, ...kafkaPorts, advertisedPort, onOutput })).process;
  });
  const brokers = `127.0.0.1:${advertisedPort}`;
  await makeTopics(brokers);
  const urls = await makeDatabases(`postgres://postgres:${password}@127.0.0.1:${ports.postgres}/postgres`, secrets);
  await migrateAll(urls);
  const programs = [...ownPrograms(settings), ...servicePrograms(settings, { urls, brokers, secrets })];
  return programs.map((program) => changed(program, changesFor(program, basePort)));
}

/** What makes a program of the start command one of these cases. */
function changesFor({ name, env }: Program, basePort: number): Changes {
  if (name === 'outage') return { UNDO_SECONDS: '0' };
  if (name === 'sms-simulator') return { SIMULATOR_BEHAVIOUR: JSON.stringify(USUAL_SMSC) };
  if (name !== 'notifier') return {};
  const database = new URL(env['DATABASE_URL'] ?? '');
  database.port = String(basePort + proxyOffsets.postgres);
  return {
    DATABASE_URL: database.href,
    SMPP_PORT: String(basePort + proxyOffsets.smsc),
    SMPP_RATE_PARTS_PER_SECOND: String(CONTRACT.partsPerSecond),
    SMPP_WINDOW: String(CONTRACT.window),
  };
}

const changed = (program: Program, changes: Changes): Program => ({ ...program, env: { ...program.env, ...changes } });

async function startAnother(programs: readonly Program[], port: number, keep: Bringing['keep']): Promise<KeptProcess> {
  const notifier = programs.find(({ name }) => name === 'notifier') as Program;
  const program = changed({ ...notifier, readyAt: `http://127.0.0.1:${port}/readyz` }, { PORT: String(port) });
  const kept = await keep('another-notifier', (changes, onOutput) => launchOf(changed(program, changes))(onOutput));
  await untilReady([program]);
  return kept;
}

async function untilReady(programs: readonly Program[]): Promise<void> {
  for (const { name, readyAt } of programs)
    await until(async () => (await fetch(readyAt)).ok, { deadlineMs: startWithinMs, describe: `${name} to be ready` });
}
