import { randomBytes } from 'node:crypto';
import { startTestServers } from './test-servers.ts';

/**
 * Gives the run a PostgreSQL and a Kafka: those that TEST_DATABASE_URL and TEST_KAFKA_BROKERS name, else ones of its own that end with it.
 * TEST_RUN_ID keeps the template databases of runs on the same server apart.
 */
export default async function setUp(): Promise<void> {
  process.env['TEST_RUN_ID'] = randomBytes(4).toString('hex');
  if (process.env['TEST_DATABASE_URL'] && process.env['TEST_KAFKA_BROKERS']) return;
  const servers = await startTestServers(process.env);
  process.stderr.write(`servers of this run: ${servers.origin}\n`);
  process.env['TEST_DATABASE_URL'] = servers.databaseUrl;
  process.env['TEST_KAFKA_BROKERS'] = servers.kafkaBrokers;
  globalThis.stopTestServers = servers.stop;
}
