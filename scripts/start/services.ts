import { join } from 'node:path';
import type { DatabaseName, DatabaseUrls } from './databases.ts';
import { type GuardedProcess, type ProcessPlan, spawnGuarded } from './guarded-process.ts';
import { serviceOf } from './migrations.ts';
import { providerVariables } from './own-smsc.ts';
import type { Secrets } from './secrets.ts';
import { type Listener, repository, type StartSettings } from './settings.ts';
import type { Launch } from './supervise.ts';

/** A process of ours: what it is called, which variables it is given, and where it says that it is ready. */
export type Program = {
  readonly name: Listener;
  readonly folder: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly readyAt: string;
};

/** What the services need to know of what was prepared for them. */
export type Prepared = {
  readonly urls: Record<DatabaseName, DatabaseUrls>;
  readonly brokers: string;
  readonly secrets: Secrets;
};

const stopWithinSeconds = 15;
/**
 * Small heaps: unasked, Node keeps what a large import needed once; 300 MB a service is the goal, at work too. But V8 lets a heap so limited
 * grow by a third between two full collections, four a second while a batch of bills is handled: a third of its time. It may grow by 80 %.
 */
const nodeArguments = [
  '--conditions=bijli-source',
  '--enable-source-maps',
  '--max-semi-space-size=16',
  '--max-old-space-size=256',
  '--heap-growing-percent=80',
];
/** Buffers are released by another thread than they are made by; glibc then keeps more for reuse the more arenas it has. */
const allocator = { MALLOC_ARENA_MAX: '1' };
const smppSystemId = 'bijli';

/** The two small servers for development (services/schema-endpoint, services/trace-sink); services and outsiders may need them from their first moment. */
export function ownPrograms(settings: StartSettings): Program[] {
  const program = (name: 'schema-endpoint' | 'trace-sink', ready: string, env: Record<string, string>): Program => ({
    name,
    folder: join(repository, 'services', name),
    args: [...nodeArguments, join(repository, 'services', name, 'src/main.ts')],
    env: { PORT: String(settings.ports[name]), ...env },
    readyAt: address(settings, name, ready),
  });
  return [
    program('schema-endpoint', '/subjects', {}),
    program('trace-sink', '/readyz', { TRACES_FOLDER: join(settings.dataFolder, 'traces') }),
  ];
}

/** The services, and the simulator unless the user has an SMSC, each with its settings and nothing else's. */
export function servicePrograms(settings: StartSettings, prepared: Prepared): Program[] {
  const { ports, ownSmsc } = settings;
  const keys = {
    SEAL_KEYS_FILE: prepared.secrets.files.sealKeys,
    BLIND_INDEX_KEY_FILE: prepared.secrets.files.blindIndexKey,
  };
  const smpp = {
    SMPP_PORT: String(ports.smpp),
    SMPP_SYSTEM_ID: smppSystemId,
    SMPP_PASSWORD_FILE: prepared.secrets.files.smppPassword,
  };
  const withData = (database: DatabaseName, env: Record<string, string> = {}): Program => {
    const data = { DATABASE_URL: prepared.urls[database].app, KAFKA_BROKERS: prepared.brokers };
    return serviceProgram(settings, serviceOf(database) as Listener, { ...data, ...env });
  };
  const simulator = serviceProgram(settings, 'sms-simulator', {
    ...smpp,
    PDU_LOG: join(settings.dataFolder, 'sms-simulator/pdus.jsonl'),
  });
  const provider = ownSmsc?.env ?? { ...providerVariables(process.env), ...smpp, SMPP_HOST: '127.0.0.1' };
  return [
    ...(ownSmsc ? [] : [simulator]),
    withData('consumer_registry', keys),
    withData('outage'),
    withData('billing'),
    withData('complaint'),
    // Who tries it out sees every new time at once.
    withData('notifier', { NEW_TIME_PAUSE_SECONDS: '0', ...keys, ...provider }),
  ];
}

function serviceProgram(settings: StartSettings, name: Listener, env: Record<string, string>): Program {
  const folder = join(repository, 'services', name);
  const common = {
    HOST: '127.0.0.1',
    PORT: String(settings.ports[name]),
    OTEL_EXPORTER_OTLP_ENDPOINT: address(settings, 'trace-sink', ''),
    OTEL_SERVICE_NAME: name,
  };
  return {
    name,
    folder,
    // The telemetry package is found from the service's own folder.
    args: [...nodeArguments, '--import', '@bijli/service/telemetry', join(folder, 'src/main.ts')],
    env: { ...allocator, ...passedOn(process.env), ...common, ...env },
    readyAt: address(settings, name, '/readyz'),
  };
}

/** Where a process of ours answers HTTP. */
export function address(settings: StartSettings, listener: Listener, path: string): string {
  return `http://127.0.0.1:${settings.ports[listener]}${path}`;
}

// An administrator's DATABASE_URL and the provider's password are nobody else's business, and npm's variables would mislead whom a
// service starts.
const keptBack = /^(DATABASE_URL|KAFKA_\w+|PG[A-Z]+|BIJLI_\w+|SMPP_\w+|npm_\w+|INIT_CWD)$/;

/** What the user sets for the services passes; what we set for each of them comes after. */
function passedOn(env: NodeJS.ProcessEnv): Record<string, string> {
  const passing = Object.entries(env).filter(([name, value]) => value !== undefined && !keptBack.test(name));
  return Object.fromEntries(passing) as Record<string, string>;
}

/** How to launch a program of ours under supervision. */
export function launchOf({ folder, args, env }: Program): Launch {
  return (onOutput): Promise<GuardedProcess> => {
    const plan: ProcessPlan = {
      command: process.execPath,
      args,
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
      stopSignal: 'TERM',
      lastSignal: 'KILL',
      stopWithinSeconds,
      onOutput,
    };
    return spawnGuarded(plan);
  };
}
