import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePorts } from './start/free-ports.ts';
import { findJava, oldestJava } from './start/java.ts';
import { startKafka } from './start/kafka.ts';
import { startPostgres } from './start/postgres.ts';

declare global {
  /** Kept from the run's set-up to its tear-down. */
  var stopTestServers: (() => Promise<void>) | undefined;
}

/** A PostgreSQL and a Kafka for tests. */
export type TestServers = { databaseUrl: string; kafkaBrokers: string; stop(): Promise<void> };

/** Starts both, fresh, fast and forgetful, in a folder of the system's temporary one; they end with this process at the latest. */
export async function startTestServers(): Promise<TestServers> {
  const folder = await mkdtemp(join(tmpdir(), 'bijli-test-'));
  await chmod(folder, 0o755); // PostgreSQL may run as another user
  const [postgresPort = 0, kafkaPort = 0, controllerPort = 0] = await freePorts(3);
  const password = randomBytes(16).toString('hex');
  const [postgres, kafka] = await Promise.all([
    startPostgres({ parentFolder: folder, port: postgresPort, password, ephemeral: true }),
    startTestKafka(join(folder, 'kafka'), kafkaPort, controllerPort),
  ]);
  return {
    databaseUrl: postgres.url,
    kafkaBrokers: kafka.brokers,
    async stop() {
      await Promise.all([kafka.process.stop(), postgres.process.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startTestKafka(folder: string, port: number, controllerPort: number) {
  const java = await findJava(process.env);
  if (!java) throw new Error(`Kafka needs Java ${oldestJava} or newer`);
  const cacheFolder = join(import.meta.dirname, '../.cache');
  await mkdir(cacheFolder, { recursive: true });
  return startKafka({ java, folder, port, controllerPort, cacheFolder });
}

/** Drops the template databases of one run from a server that outlives it (`freshDatabase` names them). */
export async function dropTemplates(databaseUrl: string, runId: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [`template_${runId}_`],
    );
    for (const { datname } of rows)
      await client.query(`drop database ${client.escapeIdentifier(datname)} with (force)`);
  } finally {
    await client.end();
  }
}
