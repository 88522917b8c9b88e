import { openKafka } from '@bijli/kafka';
import { closeDatabase, openDatabase, query } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { testKafkaBrokers, until } from '@bijli/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildService } from '../src/build-service.ts';
import { readConfig } from '../src/config.ts';
import { notifierDatabase } from './notifier-database.ts';
import { HOMES, latestRun } from './sending.ts';
import { startRawSmsc } from './smpp/raw-smsc.ts';
import { outage, plan, settle } from './town-of-six.ts';

let own: Awaited<ReturnType<typeof notifierDatabase>>;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  own = await notifierDatabase();
  await settle(own.db, HOMES);
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
  await own.close();
});

test('while every connection of the pool is taken, leases are renewed and what the provider answers is kept', async () => {
  const answers: (() => void)[] = [];
  const smsc = await startRawSmsc({
    onSubmit: (connection, { sequence }) => void answers.push(() => connection.accept(sequence, `m-${sequence}`)),
  });
  closing.push(smsc.close);
  const config = readConfig({
    DATABASE_URL: own.url,
    KAFKA_BROKERS: testKafkaBrokers().join(','),
    PORT: '0',
    SEAL_KEYS: `k1:${'11'.repeat(32)}`,
    BLIND_INDEX_KEY: '22'.repeat(32),
    SMPP_PORT: String(smsc.port),
    SMPP_SYSTEM_ID: 'test',
    SMPP_PASSWORD: 'secret',
  });
  const log = openLog('notifier', 'silent');
  const settings = { url: own.url, applicationName: 'notifier', onIdleError: () => {} };
  const [db, ownDb] = [openDatabase({ ...settings, poolSize: 2 }), openDatabase(settings)];
  const kafka = openKafka({ clientId: 'notifier', brokers: config.kafkaBrokers, log });
  const built = buildService({ config, db, ownDb, kafka, log });
  const components = built.components.filter(({ name }) => name !== 'subscriptions' && name !== 'database');
  for (const component of components) await component.start();
  closing.push(async () => {
    for (const component of components.toReversed()) await component.stop();
    await closeDatabase(db);
    await closeDatabase(ownDb);
  });
  await plan(own.db, outage());
  await until(() => answers.length === 3, { describe: 'three texts' });

  const taken = [await db.transaction(), await db.transaction()];
  const beatOf = async () => (await query<{ beat: string }>(own.db, 'select beat::text as beat from holder'))[0]?.beat;
  const beat = await beatOf();
  for (const give of answers) give();
  try {
    await until(async () => (await latestRun(own.db))?.counts.accepted === 3, { describe: 'the answers to be kept' });
    await until(async () => (await beatOf()) !== beat, { describe: 'the lease to be renewed' });
  } finally {
    for (const one of taken) await one.rollback();
  }
  await until(async () => (await latestRun(own.db))?.run.state === 'complete', { describe: 'the run to end' });
  expect(answers).toHaveLength(3);
});
