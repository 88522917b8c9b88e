import { expect, test } from '@jest/globals';
import { openKafka } from '@bijli/kafka';
import { query, withTransaction } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { newId } from '@bijli/units';
import { upsertConnections } from '../src/store/upsert-connections.ts';
import { withPool } from './complaint-database.ts';
import { startComplaint, startHttpAlone } from './running-complaint.ts';

const lodging = { accountNumber: '4100000001', kind: 'no-supply' };

test('while PostgreSQL is away every request is answered 503 and when to ask again, and readiness names it', async () => {
  const alone = await startHttpAlone();
  const path = '/v1/complaints/CMP-2026-0000001';
  const answers = await Promise.all([
    alone.ask('POST', '/v1/complaints', lodging),
    alone.ask('POST', `${path}/work`, {}),
    alone.ask('POST', `${path}/confirmation`, { accountNumber: '4100000001', isBack: true }),
    alone.ask('GET', path),
    alone.ask('GET', '/v1/complaints'),
  ]);
  const { body } = await alone.ask('GET', '/readyz');
  await alone.stop();

  for (const { status, headers, body: problem } of answers)
    expect([status, headers.get('retry-after'), problem['code']]).toEqual([503, '5', 'unavailable']);
  expect(body).toMatchObject({
    ok: false,
    parts: { database: { ok: false, detail: expect.stringContaining('ECONNREFUSED') } },
  });
});

test('while Kafka is away complaints are lodged, worked on and closed, and readiness says that it is not there', async () => {
  const log = openLog('complaint', 'silent');
  const alone = await startComplaint(openKafka({ clientId: 'complaint', brokers: ['127.0.0.1:1'], log }));
  const unpublished = await withPool(alone.database, async (db) => {
    const connection = {
      connectionId: newId(),
      version: 1,
      accountNumber: '4100000001',
      formerAccountNumbers: [],
      nodeCode: null,
      state: 'active',
    };
    await withTransaction(db, (tx) => upsertConnections(tx, [connection]));
    const lodged = await alone.ask('POST', '/v1/complaints', lodging);
    expect(lodged.status).toBe(201);
    const path = `/v1/complaints/${String(lodged.body['complaintNumber'])}`;
    expect((await alone.ask('POST', `${path}/resolution`, {})).status).toBe(200);
    const confirmation = { accountNumber: '4100000001', isBack: true };
    expect((await alone.ask('POST', `${path}/confirmation`, confirmation)).status).toBe(200);
    expect(await alone.ask('GET', '/readyz')).toMatchObject({
      status: 503,
      body: { parts: { database: { ok: true }, subscriptions: { ok: false } } },
    });
    return await query(db, 'select from outbox_event where published_at is null');
  });
  await alone.stop();

  expect(unpublished).toHaveLength(3);
});
