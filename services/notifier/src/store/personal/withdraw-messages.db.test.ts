import { type Database, execute, query, type Transaction, withTransaction } from '@bijli/postgres';
import { istDay } from '@bijli/units';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { notifierDatabase } from '../../../test/notifier-database.ts';
import { complaintEvent, hearComplaints } from '../../../test/personal-news.ts';
import { outage, plan, settle } from '../../../test/town-of-six.ts';
import { withdrawAnswers } from './withdraw-messages.ts';

const OUTAGE = outage().aggregateId;
/** Enough that PostgreSQL would rather read a table whole where it is free to. */
const DISTRICT = 20_000;

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
  await settle(db, [{ account: '1000000001', node: 'DT-1', mobile: '9811111101' }]);
});
afterAll(() => database.close());

/** A run of a district in the middle: its rows are written, most of its answers have come, its chunk is not done. */
async function districtRun(): Promise<void> {
  const stored = await plan(db, outage({ aggregateId: '00000000-0000-7000-8000-00000000000d' }));
  if (stored.outcome !== 'planned') throw new Error('no run');
  const run = { runId: stored.runId, runDay: istDay(new Date()), people: DISTRICT };
  await execute(
    db,
    `update chunk set state = 'expanded', carriers = :people::int, cursor = :people::int where run_id = :runId`,
    { runId: run.runId, people: run.people },
  );
  await execute(
    db,
    `insert into ledger (run_day, run_id, connection_id, contact_no, mobile_index, chunk_no, seq, fate, template_key, language,
                         account_number)
     select :runDay::date, :runId::uuid, gen_random_uuid(), 1, n, 1, n, 'carrier', 'x', 'hi', '1000000001'
       from generate_series(1, :people::int) n`,
    run,
  );
  await execute(
    db,
    `insert into accepted_pack (run_day, run_id, chunk_no, epoch, provider, recorded_at, parts, seqs, message_ids)
     select :runDay::date, :runId::uuid, 1, 1, 'test', now(), 1, array_agg(n order by n), array_agg('m' || n order by n)
       from generate_series(1, :people::int) n group by n / 100`,
    run,
  );
  await execute(
    db,
    `insert into message_state (run_day, run_id, chunk_no, seq, send_no, epoch, state, provider, recorded_at)
     select :runDay::date, :runId::uuid, 1, n, 1, 1, 'deferred', 'test', now() from generate_series(1, :people::int) n`,
    run,
  );
  await execute(db, 'analyze ledger, accepted_pack, message_state, chunk, run');
}

/** Rows that this transaction has read by going through a whole table. */
async function readWhole(tx: Transaction): Promise<Record<string, number>> {
  const rows = await query<{ relname: string; n: number }>(
    tx,
    `select relname, cast(seq_tup_read as int) as n from pg_stat_xact_user_tables
      where relname ~ '^(ledger|accepted_pack|message_state)' and seq_tup_read > 0`,
  );
  return Object.fromEntries(rows.map(({ relname, n }) => [relname, n]));
}

describe('an outage that moves or ends during a run of a district', () => {
  test('withdraws the answers that name it, and reads neither the ledger nor what became of texts whole', async () => {
    await districtRun();
    await hearComplaints(
      db,
      complaintEvent('1000000001', {
        type: 'ComplaintAnswered',
        status: 'answered',
        outageId: OUTAGE,
        cause: 'line-fault',
        estimatedRestorationAt: new Date('2099-01-30T08:30:00Z'),
      }),
    );

    const read = await withTransaction(db, async (tx) => {
      await withdrawAnswers(tx, [OUTAGE]);
      return readWhole(tx);
    });

    expect(read).toEqual({});
    expect(await query(db, 'select from withdrawn_message')).toHaveLength(1);
  });
});
