import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { requireJava } from './check-java.ts';
import { checkDatabaseServer } from './databases.ts';
import type { Java } from './java.ts';
import { startKafka } from './kafka.ts';
import type { Narrator } from './narrator.ts';
import { startPostgres } from './postgres.ts';
import type { Secrets } from './secrets.ts';
import type { StartSettings } from './settings.ts';
import type { Stages } from './stages.ts';

/** Answers an administrator's connection string: of the user's own PostgreSQL, or of the embedded one, started. */
export async function providePostgres(
  settings: StartSettings,
  secrets: Secrets,
  narrator: Narrator,
  stages: Stages,
): Promise<string> {
  const { databaseUrl, dataFolder, ports } = settings;
  if (databaseUrl) {
    await narrator.step(
      'PostgreSQL of DATABASE_URL',
      () => checkDatabaseServer(databaseUrl),
      (version) => version,
    );
    return databaseUrl;
  }
  const password = await secrets.password('postgres');
  const started = { url: '', dataFolder: '' };
  async function launch(onOutput: (text: string) => void) {
    const { process, ...rest } = await startPostgres({
      parentFolder: dataFolder,
      port: ports.postgres,
      password,
      onOutput,
    });
    Object.assign(started, rest);
    return process;
  }
  await narrator.step(
    'PostgreSQL 18',
    () => stages.start('PostgreSQL', [{ name: 'postgres', launch }]),
    () => `127.0.0.1:${ports.postgres}, data in ${started.dataFolder}`,
  );
  return started.url;
}

/** Finds the Java that the embedded Kafka runs on; none is needed for the user's own brokers. */
export async function provideJava(
  { kafkaBrokers, cacheFolder }: StartSettings,
  narrator: Narrator,
): Promise<Java | null> {
  if (kafkaBrokers) return null;
  await mkdir(cacheFolder, { recursive: true });
  const firstLine = ({ version }: Java): string => version.split('\n')[0]?.replaceAll('"', '') ?? '';
  return narrator.step('Java', () => requireJava(process.env, cacheFolder), firstLine);
}

/**
 * Answers the brokers: the embedded one, started, or the user's own.
 * @param java absent with brokers of the user's own.
 */
export async function provideKafka(
  settings: StartSettings,
  java: Java | null,
  narrator: Narrator,
  stages: Stages,
): Promise<string> {
  const { kafkaBrokers, dataFolder, cacheFolder, ports } = settings;
  if (!java) return kafkaBrokers ?? '';
  const folder = join(dataFolder, 'kafka');
  const listen = { port: ports.kafka, controllerPort: ports['kafka-controller'] };
  const launch = async (onOutput: (text: string) => void) =>
    (await startKafka({ java, folder, cacheFolder, ...listen, onOutput })).process;
  const brokers = `127.0.0.1:${ports.kafka}`;
  await narrator.step(
    'Apache Kafka 4.3.1',
    () => stages.start('Kafka', [{ name: 'kafka', launch }]),
    () => brokers,
  );
  return brokers;
}
