import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '@bijli/start/free-ports';
import { findJava, oldestJava } from '@bijli/start/java';
import { startKafka } from '@bijli/start/kafka';
import { startPostgres } from '@bijli/start/postgres';
import type { TestServers } from './servers.ts';

/** Starts the servers of the start command in a folder of the system's temporary one. */
export async function startServers(): Promise<TestServers> {
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
    origin: 'embedded PostgreSQL and Kafka',
    async stop() {
      await Promise.all([kafka.process.stop(), postgres.process.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startTestKafka(folder: string, port: number, controllerPort: number) {
  const java = await findJava(process.env);
  if (!java) throw new Error(`Kafka needs Java ${oldestJava} or newer`);
  const cacheFolder = join(import.meta.dirname, '../../.cache');
  await mkdir(cacheFolder, { recursive: true });
  return startKafka({ java, folder, port, controllerPort, cacheFolder });
}
