import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openKafka } from '@bijli/kafka';
import { migrate, openDatabase } from '@bijli/postgres';
import { openLog, type Part } from '@bijli/service';
import { type FreshDatabase, freshDatabase, testKafkaBrokers, until } from '@bijli/testing';
import { buildService } from '../src/build-service.ts';

const outbox = { name: 'outbox', folder: join(__dirname, '../../../libs/outbox/migrations') };
const log = openLog('billing', 'silent');

let database: FreshDatabase;
let parts: Part[];
let base: string;

beforeAll(async () => {
  const prepare = async (url: string) => void (await migrate({ url, sources: [outbox] }));
  database = await freshDatabase({ name: 'billing', prepare });
  const db = openDatabase({ url: database.url, applicationName: 'billing', onIdleError: () => {} });
  const kafka = openKafka({ clientId: 'billing', brokers: testKafkaBrokers(), log });
  const service = buildService({ config: { host: '127.0.0.1', port: 0 }, db, kafka, log });
  parts = service.parts;
  for (const part of parts) await part.start();
  base = `http://127.0.0.1:${service.http.port()}`;
});

const ask = async (path: string) => {
  const response = await fetch(`${base}${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('billing', () => {
  test('is ready and alive', async () => {
    await until(async () => (await ask('/readyz')).status === 200, { describe: 'readiness' });

    expect((await ask('/readyz')).body).toEqual({
      ok: true,
      parts: { database: { ok: true }, 'outbox-relay': { ok: true }, http: { ok: true } },
    });
    expect((await ask('/livez')).status).toBe(200);
  });

  test('has no endpoint yet, and says which service it is', async () => {
    expect((await ask('/openapi.json')).body).toMatchObject({ info: { title: 'billing' }, paths: {} });
    expect((await ask('/version')).body).toMatchObject({ name: 'billing' });
  });
});

afterAll(async () => {
  // Fails where a part did not let go of the database.
  for (const part of parts.toReversed()) await part.stop();
  await database.close();
});
