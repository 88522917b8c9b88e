import { type Database, execute, query, type Transaction, withTransaction } from '@bijli/postgres';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { notifierDatabase } from '../../../test/notifier-database.ts';
import { outage, plan, settle } from '../../../test/town-of-six.ts';
import { countAhead, measureBacklog } from './measure-backlog.ts';

let own: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
const home = { account: '1000000001', node: 'DT-1', mobile: '9811111101' };
const outageOf = (n: number) => ({ ...outage(), aggregateId: `00000000-0000-7000-8000-0000000000${10 + n}` });

beforeAll(async () => {
  own = await notifierDatabase();
  db = own.db;
  await settle(db, [home, { ...home, account: '1000000002', node: 'DT-2', mobile: '9811111102' }]);
});
afterAll(() => own.close());

const become = (runId: string, change: string) =>
  execute(db, `update run set ${change} where run_id = :runId`, { runId });

async function planned(n: number, options = {}): Promise<string> {
  const stored = await plan(db, outageOf(n), options);
  return stored.outcome === 'known' ? '' : stored.runId;
}

describe('what waits', () => {
  test('is counted by what an operator does about it', async () => {
    expect(await measureBacklog(db)).toEqual({ openRuns: 0, waitingContacts: 0, heldRuns: 0, refusedRuns: 0 });
    await planned(0);
    await planned(1, { largestAudience: 1 });
    await become(await planned(2, { largestAudience: 1 }), "planned_at = now() - interval '25 hours'");
    await become(await planned(3), "state = 'held'");
    await become(await planned(4), "state = 'held', not_after = now()");
    await become(await planned(5), "state = 'superseded'");

    expect(await measureBacklog(db)).toEqual({ openRuns: 1, waitingContacts: 2, heldRuns: 1, refusedRuns: 1 });
  });

  test('counts nobody who has an outcome, and tells a run how many go before it', async () => {
    const second = await planned(6);
    const third = await planned(7);
    await execute(
      db,
      `insert into count_change (run_day, run_id, chunk_no, measure, n)
       select run_day, run_id, 1, measure, n
         from run cross join (values ('carrier', 2), ('accepted', 1)) as counted (measure, n) where run_id = :second`,
      { second },
    );

    expect(await measureBacklog(db)).toMatchObject({ openRuns: 3, waitingContacts: 5 });
    expect(await countAhead(db, [second, third])).toEqual(
      new Map([
        [second, 2],
        [third, 3],
      ]),
    );
    expect(await countAhead(db, [])).toEqual(new Map());
  });

  test('costs nothing for the runs that are over, however many there are', async () => {
    await execute(
      db,
      `insert into run (run_id, thread_id, revision, kind, run_day, state, lane, facts, not_after, audience_size, planned_at, ended_at)
       select gen_random_uuid(), 'outage:' || n, 1, kind, run_day, 'complete', lane, facts, not_after, audience_size, planned_at, now()
         from generate_series(1, 20000) as n, (select * from run limit 1) as one`,
    );
    await execute(db, 'analyze run');

    const [before, after] = await withTransaction(db, async (tx) => {
      const first = await scansOf(tx);
      await measureBacklog(tx);
      return [first, await scansOf(tx)];
    });

    expect(after).toBe(before);
  });
});

/** How often this connection has read the whole table of runs. */
async function scansOf(tx: Transaction): Promise<number> {
  const sql = `select seq_scan::integer as scans from pg_stat_xact_user_tables where relname = 'run'`;
  const [row] = await query<{ scans: number }>(tx, sql);
  return row?.scans ?? 0;
}
