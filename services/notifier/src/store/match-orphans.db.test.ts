import { type Database, withTransaction } from '@bijli/postgres';
import { istDay, newId } from '@bijli/units';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { notifierDatabase } from '../../test/notifier-database.ts';
import { matchOrphans } from './match-orphans.ts';
import { openDay } from './open-day.ts';

const PEOPLE = 200_000;
const ORPHANS = 5_000;

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
const day = istDay(new Date());

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
  await openDay(db, day);
  const run = { day, runId: newId(), people: PEOPLE };
  await db.raw(
    `insert into attempt (run_day, run_id, chunk_no, seq, part_no, epoch, outcome, settles, provider, provider_message_id, recorded_at)
     select cast(:day as date), cast(:runId as uuid), 1, n, 1, 1, 'accepted', 'accepted', 'test', 'm' || n, now()
       from generate_series(1, cast(:people as int)) n`,
    run,
  );
  await db.raw(
    `insert into ledger (run_day, run_id, connection_id, contact_no, mobile_index, chunk_no, seq, fate, template_key, language,
                         account_number, is_critical)
     select cast(:day as date), cast(:runId as uuid), gen_random_uuid(), 1, n, 1, n, 'carrier', 'x', 'hi', '1000000001', false
       from generate_series(1, cast(:people as int)) n`,
    run,
  );
});
afterAll(() => database.close());

describe('orphans that come all at once, after a restart in the middle of a district', () => {
  test.each(['all', 'any', 'last'] as const)(
    'are matched in one look at the attempts (receipts of %s)',
    async (mode) => {
      await db.raw('truncate orphan_receipt, receipt');
      await db.raw(
        `insert into orphan_receipt (arrived_at, provider, provider_message_id, other_message_id, stat, other_mobile_index)
       select now(), 'test', 'x' || n, 'm' || n, 'DELIVRD', n from generate_series(1, cast(:orphans as int)) n`,
        { orphans: ORPHANS },
      );

      // Each compared with each would take longer than a statement may.
      const matched = await withTransaction(db, (tx) => matchOrphans(tx, { arrivalDay: day, oldestRunDay: day, mode }));

      expect(matched).toBe(ORPHANS);
      expect(await db('orphan_receipt')).toEqual([]);
    },
  );
});
