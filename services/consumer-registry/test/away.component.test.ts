import { openKafka } from '@bijli/kafka';
import { closeDatabase, openDatabase } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { expect, test } from '@jest/globals';
import { buildService } from '../src/build-service.ts';
import { keys } from './files.ts';

test('while PostgreSQL is away requests are answered 503 and when to ask again', async () => {
  const log = openLog('consumer-registry', 'silent');
  const url = 'postgres://nobody@127.0.0.1:1/none';
  const db = openDatabase({ url, applicationName: 'registry', onIdleError: () => undefined });
  const kafka = openKafka({ clientId: 'registry', brokers: ['127.0.0.1:1'], log });
  const { http } = buildService({ config: { host: '127.0.0.1', port: 0, ...keys }, db, kafka, log });
  await http.start();

  const answer = await fetch(`http://127.0.0.1:${http.port()}/v1/connections/4100000001`);
  const { code } = (await answer.json()) as { code: string };
  await http.stop();
  await closeDatabase(db);

  expect([answer.status, answer.headers.get('retry-after'), code]).toEqual([503, '5', 'unavailable']);
});
