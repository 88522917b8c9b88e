import { join } from 'node:path';
import { closeDatabase, type Database, migrate, openDatabase, query } from '@bijli/postgres';
import { type FreshDatabase, freshDatabase } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cleanInbox } from '../inbox/clean-inbox.ts';
import { cleanOutbox } from '../outbox/clean-outbox.ts';

let fresh: FreshDatabase;
let db: Database;
const sources = [{ name: 'outbox', folder: join(import.meta.dirname, '../../migrations') }];
const DAY = "interval '1 day'";

beforeAll(async () => {
  fresh = await freshDatabase({ name: 'clean_tables', prepare: async (url) => void (await migrate({ url, sources })) });
  db = openDatabase({ url: fresh.url, applicationName: 'clean tables', onIdleError: () => undefined });
});
afterAll(async () => {
  await closeDatabase(db);
  await fresh.close();
});

const numbers = async (sql: string): Promise<number[]> =>
  (await query<{ number: number }>(db, sql)).map(({ number }) => number);

describe('cleanOutbox', () => {
  test('deletes what was published more than a week ago, and nothing that waits', async () => {
    await query(
      db,
      `insert into outbox (topic, events, payload, created_at, published_at)
       select 't', json_build_array(json_build_object('key', n::text)), '', now() - n * ${DAY} - interval '1 hour', case when n <> 30 then now() - n * ${DAY} - interval '1 hour' end from generate_series(40, 1, -1) as n`,
    );

    await cleanOutbox(db);

    expect(await numbers('select key::integer as number from outbox_event order by 1')).toEqual([1, 2, 3, 4, 5, 6, 30]);
  });
});

describe('cleanInbox', () => {
  test('deletes handled records a week after their topic has forgotten them, and none that waits', async () => {
    await query(
      db,
      `insert into inbox (subscription, topic, partition, record_offset, key, headers, received_at)
       select 'outages', 'outage.outage.v1', 0, n, n::text, '{}', now() - n * ${DAY} - interval '1 hour' from generate_series(50, 30, -1) as n`,
    );
    await query(
      db,
      'insert into inbox_pending (subscription, id, key) select subscription, id, key from inbox where record_offset = 45',
    );
    await query(
      db,
      `insert into applied_event (subscription, event_id, body_hash, applied_at)
       select 'outages', uuidv7(-n * ${DAY}), '', now() - n * ${DAY} - interval '1 hour' from generate_series(50, 30, -1) as n`,
    );

    await cleanInbox(db);

    expect(await numbers('select record_offset::integer as number from inbox order by 1')).toEqual([
      30, 31, 32, 33, 34, 35, 36, 45,
    ]);
    expect(await numbers('select count(*)::integer as number from applied_event')).toEqual([7]);
  });

  test('goes on behind any number of records that wait', async () => {
    await query(db, 'truncate inbox, inbox_pending');
    await query(
      db,
      `with stored as (
         insert into inbox (subscription, topic, partition, record_offset, key, headers, received_at)
         select 'outages', 'outage.outage.v1', 0, n, n::text, '{}', now() - 50 * ${DAY} from generate_series(1, 6000) as n
         returning subscription, id, key, record_offset)
       insert into inbox_pending (subscription, id, key) select subscription, id, key from stored where record_offset <= 5500`,
    );

    await cleanInbox(db);

    expect(await numbers('select count(*)::integer as number from inbox')).toEqual([5_500]);
  });

  test('deletes notes of what arrived and never did again, a week later', async () => {
    await query(
      db,
      `insert into inbox_attempt (worker, subscription, inbox_ids, topic, partition, first_offset, last_offset, started_at)
       select n, 'outages', '{}', 'outage.outage.v1', 0, 1, 2, now() - n * ${DAY} from generate_series(1, 9) as n`,
    );

    await cleanInbox(db);

    expect(await numbers('select worker as number from inbox_attempt order by 1')).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
