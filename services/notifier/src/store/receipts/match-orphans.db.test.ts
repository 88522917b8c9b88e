import { type Database, execute, query, withTransaction } from '@bijli/postgres';
import { istDay } from '@bijli/units';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { notifierDatabase } from '../../../test/notifier-database.ts';
import { outage, plan, settle } from '../../../test/town-of-six.ts';
import { matchOrphans } from './match-orphans.ts';

const PEOPLE = 200_000;
/** So many were accepted in one flush. */
const PACK = 500;
const ORPHANS = 5_000;

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
const day = istDay(new Date());

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
  await settle(db, [{ account: '1000000001', node: 'DT-1', mobile: '9811111101' }]);
  const stored = await plan(db, outage());
  if (stored.outcome !== 'planned') throw new Error('no run');
  const run = { day, runId: stored.runId, people: PEOPLE };
  await execute(
    db,
    `insert into accepted_pack (run_day, run_id, chunk_no, epoch, provider, recorded_at, parts, seqs, message_ids)
     select :day::date, :runId::uuid, 1, 1, 'test', now(), 1, array_agg(n order by n), array_agg('m' || n order by n)
       from generate_series(1, :people::int) n group by n / :pack::int`,
    { ...run, pack: PACK },
  );
  await execute(
    db,
    `insert into ledger (run_day, run_id, connection_id, contact_no, mobile_index, chunk_no, seq, fate, template_key, language,
                         account_number)
     select :day::date, :runId::uuid, gen_random_uuid(), 1, n, 1, n, 'carrier', 'x', 'hi', '1000000001'
       from generate_series(1, :people::int) n`,
    run,
  );
});
afterAll(() => database.close());

describe('orphans that come all at once, after a restart in the middle of a district', () => {
  test.each(['all', 'any', 'last'] as const)(
    'are matched in one look at what was accepted (receipts of %s)',
    async (mode) => {
      await execute(db, 'truncate orphan_receipt, receipt_pack');
      await execute(
        db,
        `insert into orphan_receipt (arrived_at, provider, provider_message_id, other_message_id, stat, other_mobile_index)
         select now(), 'test', 'x' || n, 'm' || n, 'DELIVRD', n from generate_series(1, :orphans::int) n`,
        { orphans: ORPHANS },
      );

      // Each compared with each would take longer than a statement may.
      const round = await withTransaction(db, (tx) =>
        matchOrphans(tx, { arrivalDay: day, oldestRunDay: day, mode, againAfterSeconds: 60 }),
      );

      expect(round).toEqual({ matched: ORPHANS, looked: ORPHANS });
      expect(await query(db, 'select from orphan_receipt')).toEqual([]);
    },
  );
});

test('an id of another account is another id: its receipt matches nothing of this one', async () => {
  await execute(db, 'truncate orphan_receipt, receipt_pack');
  await execute(
    db,
    `insert into orphan_receipt (arrived_at, provider, provider_message_id, stat, mobile_index)
     values (now(), 'another', 'm7', 'DELIVRD', 7), (now(), 'test', 'm8', 'DELIVRD', 8)`,
  );

  const round = await withTransaction(db, (tx) =>
    matchOrphans(tx, { arrivalDay: day, oldestRunDay: day, mode: 'all', againAfterSeconds: 60 }),
  );

  expect(round).toEqual({ matched: 1, looked: 2 });
  expect(await query(db, 'select provider from orphan_receipt')).toEqual([{ provider: 'another' }]);
});

describe('an orphan that matches nothing', () => {
  const input = { arrivalDay: day, oldestRunDay: day, mode: 'all', againAfterSeconds: 60 } as const;
  const look = () => withTransaction(db, (tx) => matchOrphans(tx, input));
  const pauses = async () => {
    const rows = await query<{ tries: number; minutes: number }>(
      db,
      `select tries, round(extract(epoch from due_at - now()) / 60)::int as minutes from orphan_receipt`,
    );
    return rows.map(({ tries, minutes }) => [tries, minutes]);
  };

  test('is looked up again after longer and longer pauses', async () => {
    await execute(db, 'truncate orphan_receipt');
    await execute(
      db,
      `insert into orphan_receipt (arrived_at, provider, provider_message_id, stat, mobile_index)
       values (now(), 'test', 'nobody', 'DELIVRD', 1)`,
    );
    const seen: number[][] = [];
    for (let n = 0; n < 6; n += 1) {
      expect(await look()).toEqual({ matched: 0, looked: 1 });
      expect(await look()).toEqual({ matched: 0, looked: 0 });
      seen.push(...(await pauses()));
      await execute(db, 'update orphan_receipt set due_at = now()');
    }

    expect(seen).toEqual([
      [1, 1],
      [2, 2],
      [3, 4],
      [4, 8],
      [5, 16],
      [6, 16],
    ]);
  });

  test('is looked for in the last hour at first, and in all of it later', async () => {
    await execute(db, 'truncate orphan_receipt');
    await execute(db, `update accepted_pack set recorded_at = now() - interval '2 hours'`);
    await execute(
      db,
      `insert into orphan_receipt (arrived_at, provider, provider_message_id, stat, mobile_index)
       values (now(), 'test', 'm7', 'DELIVRD', 7)`,
    );

    expect(await look()).toEqual({ matched: 0, looked: 1 });
    await execute(db, 'update orphan_receipt set due_at = now()');

    expect(await look()).toEqual({ matched: 1, looked: 1 });
  });

  test('is looked for a day further back with each try, and from the first again', async () => {
    await execute(db, 'truncate orphan_receipt');
    await execute(db, `update accepted_pack set recorded_at = now() - interval '60 hours'`);
    await execute(
      db,
      `insert into orphan_receipt (arrived_at, provider, provider_message_id, stat, mobile_index)
       values (now(), 'test', 'm7', 'DELIVRD', 7), (now(), 'test', 'm9', 'DELIVRD', 9)`,
    );
    await execute(db, `update orphan_receipt set tries = 11 where provider_message_id = 'm9'`);

    // One of no try, then that of eleven, which has come to the third day again.
    expect(await look()).toEqual({ matched: 0, looked: 1 });
    await execute(db, `update orphan_receipt set due_at = now() + interval '1 hour' where tries = 1`);
    expect(await look()).toEqual({ matched: 0, looked: 1 });
    for (const [n, matched] of [0, 0, 1].entries()) {
      await execute(
        db,
        `update orphan_receipt set due_at = case when tries = :tries then now() else now() + interval '1 hour' end`,
        {
          tries: n + 1,
        },
      );
      expect(await look()).toEqual({ matched, looked: 1 });
    }
    await execute(db, 'update orphan_receipt set due_at = now()');
    expect(await look()).toEqual({ matched: 1, looked: 1 });
  });

  test('does not keep those that came just now from being matched', async () => {
    await execute(db, 'truncate orphan_receipt');
    await execute(db, 'update accepted_pack set recorded_at = now()');
    await execute(
      db,
      `insert into orphan_receipt (arrived_at, provider, provider_message_id, stat, mobile_index, tries)
       values (now(), 'test', 'nobody', 'DELIVRD', 1, 5), (now(), 'test', 'm12', 'DELIVRD', 12, 0)`,
    );

    expect(await look()).toEqual({ matched: 1, looked: 1 });
    expect(await look()).toEqual({ matched: 0, looked: 1 });
    expect(await look()).toEqual({ matched: 0, looked: 0 });
  });
});
