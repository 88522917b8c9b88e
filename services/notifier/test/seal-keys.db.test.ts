import { NotYetError } from '@bijli/outbox';
import { type Database, query, withTransaction } from '@bijli/postgres';
import { parseSealKeys } from '@bijli/units';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { onConnection } from '../src/subscriptions/on-connection.ts';
import { notifierDatabase } from './notifier-database.ts';
import { blindIndexKey, connectionEvent, sealKeys } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
afterAll(() => database.close());

test('a connection that is sealed by a key of tomorrow waits for the key, and is taken when it is there', async () => {
  const event = connectionEvent({ account: '1000000001', node: 'DT-1', mobile: '9811111101' }, 1);
  const hear = (keys: typeof sealKeys) =>
    withTransaction(db, (tx) =>
      onConnection({ sealKeys: keys, blindIndexKey })(tx, [{ event, context: ROOT_CONTEXT, receivedAt: new Date() }]),
    );

  await expect(hear(parseSealKeys(`k0:${'33'.repeat(32)}`))).rejects.toThrow(NotYetError);
  expect(await query(db, 'select from audience')).toEqual([]);

  await hear(sealKeys);
  expect(await query(db, 'select from audience')).toHaveLength(1);
});
