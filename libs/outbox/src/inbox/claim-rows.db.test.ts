import { join } from 'node:path';
import { closeDatabase, type Database, execute, migrate, openDatabase, query, withTransaction } from '@bijli/postgres';
import { type FreshDatabase, freshDatabase } from '@bijli/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { claimTried } from './claim-rows.ts';

const WAITING = 100_000;

let fresh: FreshDatabase;
let db: Database;
const sources = [{ name: 'outbox', folder: join(import.meta.dirname, '../../migrations') }];

beforeAll(async () => {
  fresh = await freshDatabase({ name: 'claim_rows', prepare: async (url) => void (await migrate({ url, sources })) });
  db = openDatabase({ url: fresh.url, applicationName: 'claim rows', onIdleError: () => undefined });
});
afterAll(async () => {
  await closeDatabase(db);
  await fresh.close();
});

test('a key that is tried again costs the same to find, however many wait for their turn', async () => {
  await execute(
    db,
    `insert into inbox_key (subscription, key, attempts, parked_until, parked_since, parked_reason)
     select 'accounts', n::text, 3, now() - n * interval '1 ms', now() - interval '1 hour', 'retry' from generate_series(1, :waiting::int) n`,
    { waiting: WAITING },
  );
  await execute(
    db,
    `with stored as (
       insert into inbox (subscription, topic, partition, record_offset, key, headers, received_at)
       select 'accounts', 'billing.account.v1', 0, n, n::text, '{}', now() from generate_series(1, :waiting::int) n returning subscription, id, key)
     insert into inbox_pending (subscription, id, key) select subscription, id, key from stored`,
    { waiting: WAITING },
  );
  await query(db, 'analyze inbox, inbox_key, inbox_pending');

  const { keys, read } = await withTransaction(db, async (tx) => {
    const claimed = await claimTried('accounts', 1)(tx);
    const [row] = await query<{ n: number }>(
      tx,
      `select sum(seq_tup_read + idx_tup_fetch)::int as n from pg_stat_xact_user_tables where relname in ('inbox_key', 'inbox_pending')`,
    );
    return { keys: [...claimed.states.keys()], read: row?.n ?? 0 };
  });

  expect(keys).toEqual([String(WAITING)]);
  expect(read).toBeLessThan(10);
});
