import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeEvent, encodeEvent } from '@bijli/events';
import { closeDatabase, type Database, migrate, openDatabase, query } from '@bijli/postgres';
import { type FreshDatabase, freshDatabase } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OUTAGE, type Outage, outage } from './outages.ts';

const folder = join(import.meta.dirname, '../migrations');
const traceparent = `00-${'1'.repeat(32)}-${'a'.repeat(16)}-01`;
let before: string;
let fresh: FreshDatabase;
let db: Database;

beforeAll(async () => {
  before = await mkdtemp(join(tmpdir(), 'bijli-migrations-'));
  await cp(folder, before, { recursive: true, filter: (file) => !/\/\d{4}-/.test(file) || /\/000[12]-/.test(file) });
  fresh = await freshDatabase({
    name: 'rows_of_one_event',
    prepare: async (url) => void (await migrate({ url, sources: [{ name: 'outbox', folder: before }] })),
  });
  db = openDatabase({ url: fresh.url, applicationName: 'migration test', onIdleError: () => undefined });
});
afterAll(async () => {
  await closeDatabase(db);
  await fresh.close();
  await rm(before, { recursive: true });
});

/** Writes an event as it was written before. */
const say = (event: Outage, published = false) =>
  query(
    db,
    `insert into outbox (topic, key, value, event_id, type, occurred_at, traceparent, created_at, published_at)
     values (:topic, :key, :value, :eventId, :type, :occurredAt, :traceparent, '2026-01-30T08:35:01Z', case when :published then now() end)`,
    {
      ...{ topic: OUTAGE, key: event.aggregateId, value: encodeEvent(OUTAGE, event), eventId: event.eventId },
      ...{ type: event.type, occurredAt: event.occurredAt, traceparent, published },
    },
  );

describe('the migration to rows of many events', () => {
  test('carries over what is not yet published, in order, and tombstones too', async () => {
    const [gone, first, second] = [outage('o-1', 1), outage('o-1', 2), outage('o-1', 3)];
    await say(gone, true);
    await say(first);
    await query(db, `insert into outbox (topic, key) values (:outage, 'o "2"')`, { outage: OUTAGE });
    await say(second);

    const { applied } = await migrate({ url: fresh.url, sources: [{ name: 'outbox', folder }] });

    expect(applied).toContain('outbox/0003-a-row-holds-many-events.sql');
    const said = await query<{ value: Buffer | null }>(
      db,
      `select key, value, event_id, type, occurred_at, traceparent, created_at, published_at
         from outbox_event order by outbox_id, position`,
    );
    const created_at = new Date('2026-01-30T08:35:01Z');
    const ofEvent = { key: 'o-1', type: 'OutageReported', occurred_at: first.occurredAt, traceparent, created_at };
    expect(said).toMatchObject([
      { ...ofEvent, published_at: null, event_id: first.eventId },
      {
        key: 'o "2"',
        value: null,
        event_id: null,
        type: null,
        occurred_at: null,
        traceparent: null,
        published_at: null,
      },
      { ...ofEvent, published_at: null, event_id: second.eventId },
    ]);
    expect(said.map(({ value }) => value && decodeEvent(OUTAGE, value))).toEqual([first, null, second]);
    expect(await query(db, `select events -> 0 ->> 'time' as time from outbox order by id limit 1`)).toEqual([
      { time: first.occurredAt.toISOString() },
    ]);
  });
});
