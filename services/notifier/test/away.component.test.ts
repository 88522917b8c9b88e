import { openKafka } from '@bijli/kafka';
import { closeDatabase, openDatabase } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { expect, test } from '@jest/globals';
import { buildService } from '../src/build-service.ts';
import { readConfig } from '../src/config.ts';

/** The notifier where neither PostgreSQL nor Kafka nor the SMSC is there. */
function alone() {
  const log = openLog('notifier', 'silent');
  const config = readConfig({
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    KAFKA_BROKERS: '127.0.0.1:1',
    PORT: '0',
    SEAL_KEYS: `k1:${'11'.repeat(32)}`,
    BLIND_INDEX_KEY: '22'.repeat(32),
    SMPP_PORT: '1',
    SMPP_SYSTEM_ID: 'test',
    SMPP_PASSWORD: 'secret',
  });
  const db = openDatabase({ url: config.databaseUrl, applicationName: 'notifier', onIdleError: () => undefined });
  const kafka = openKafka({ clientId: 'notifier', brokers: config.kafkaBrokers, log });
  return { db, ...buildService({ config, db, kafka, log }) };
}

test('while PostgreSQL is away requests are answered 503 and when to ask again', async () => {
  const { db, http } = alone();
  await http.start();

  const answer = await fetch(`http://127.0.0.1:${http.port()}/v1/runs`);
  const { code } = (await answer.json()) as { code: string };
  await http.stop();
  await closeDatabase(db);

  expect([answer.status, answer.headers.get('retry-after'), code]).toEqual([503, '5', 'unavailable']);
});

test('it starts while PostgreSQL is away, says that it is not ready, and stops when it is asked to', async () => {
  const { components, http } = alone();
  for (const component of components) await component.start();

  const readiness = await fetch(`http://127.0.0.1:${http.port()}/readyz`);
  const liveness = await fetch(`http://127.0.0.1:${http.port()}/livez`);
  for (const component of components.toReversed()) await component.stop();

  expect(liveness.status).toBe(200);
  expect([readiness.status, await readiness.json()]).toMatchObject([503, { parts: { database: { ok: false } } }]);
});
