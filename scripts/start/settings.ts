import { join, resolve } from 'node:path';
import { type OwnSmsc, readOwnSmsc } from './own-smsc.ts';
import { StartProblem } from './problem.ts';

export const repository = join(import.meta.dirname, '../..');

const usualBase = 18_000;
const lowestBase = 1_024;
const highestBase = 65_500;

/** What listens where, as distances from BIJLI_PORT. */
const offsets = {
  'consumer-registry': 1,
  outage: 2,
  billing: 3,
  complaint: 4,
  notifier: 5,
  'sms-simulator': 6,
  smpp: 7,
  'schema-endpoint': 8,
  'trace-sink': 9,
  postgres: 10,
  kafka: 11,
  'kafka-controller': 12,
} as const;

/** Who listens on a port of its own. */
export type Listener = keyof typeof offsets;

/** What the user asked for. */
export type StartSettings = {
  readonly basePort: number;
  readonly ports: Record<Listener, number>;
  /** Everything that is kept between starts. */
  readonly dataFolder: string;
  /** What can be fetched or made again: jars, class-data archive. */
  readonly cacheFolder: string;
  /** An administrator's connection string to a PostgreSQL of the user's own. */
  readonly databaseUrl: string | undefined;
  /** Brokers of the user's own, `host:port` separated by commas. */
  readonly kafkaBrokers: string | undefined;
  /** An SMSC of the user's own in place of the simulator: texts go to people. */
  readonly ownSmsc: OwnSmsc | null;
  /** Forget everything that was kept. */
  readonly fresh: boolean;
  /** Whether the demonstration's town of made-up people is wanted; not unasked when texts go to people. */
  readonly withTown: boolean;
};

const known = ['--fresh', '--town'];

/**
 * Reads what the user asked for from the environment and the command line.
 * @throws StartProblem for what cannot be meant.
 */
export function readStartSettings(env: NodeJS.ProcessEnv, args: readonly string[]): StartSettings {
  const unknown = args.find((argument) => !known.includes(argument));
  if (unknown) {
    throw new StartProblem(
      `npm start does not know ${unknown}: it knows ${known.join(' and ')} (npm start -- --fresh).`,
    );
  }
  const fresh = args.includes('--fresh');
  const databaseUrl = env['DATABASE_URL'] || undefined;
  const kafkaBrokers = env['KAFKA_BROKERS'] || undefined;
  if (fresh && (databaseUrl ?? kafkaBrokers)) {
    const fix = 'empty your own servers yourself, or unset DATABASE_URL and KAFKA_BROKERS';
    throw new StartProblem(
      `--fresh forgets what is in .data/ only, so it does not go with servers of your own: ${fix}.`,
    );
  }
  const basePort = readBasePort(env['BIJLI_PORT']);
  const ownSmsc = readOwnSmsc(env);
  const dataFolder = resolve(repository, env['BIJLI_DATA'] || '.data');
  return {
    basePort,
    ports: portsFrom(basePort),
    dataFolder,
    cacheFolder: join(repository, '.cache'),
    databaseUrl,
    kafkaBrokers,
    ownSmsc,
    fresh,
    withTown: ownSmsc === null || args.includes('--town'),
  };
}

function readBasePort(text: string | undefined): number {
  if (!text) return usualBase;
  const port = Number(text);
  if (Number.isInteger(port) && port >= lowestBase && port <= highestBase) return port;
  throw new StartProblem(
    `BIJLI_PORT is "${text}": set it to a number from ${lowestBase} to ${highestBase}, like ${usualBase}.`,
  );
}

function portsFrom(base: number): Record<Listener, number> {
  const pairs = Object.entries(offsets).map(([listener, offset]) => [listener, base + offset]);
  return Object.fromEntries(pairs) as Record<Listener, number>;
}
