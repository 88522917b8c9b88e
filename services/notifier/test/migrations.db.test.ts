import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeDatabase, type Database, execute, migrate, openDatabase, query, withTransaction } from '@bijli/postgres';
import { type FreshDatabase, freshDatabase, until } from '@bijli/testing';
import { istDay } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Desk } from '../src/dispatch/desk.ts';
import { runCounts } from '../src/domain/run-counts.ts';
import { matchOrphans } from '../src/store/receipts/match-orphans.ts';
import { findRuns } from '../src/store/runs/find-runs.ts';
import { measureBacklog } from '../src/store/runs/measure-backlog.ts';
import { askRun } from '../src/store/runs/ask-run.ts';
import { confirmAsk } from '../src/store/runs/confirm-ask.ts';
import {
  countedBefore,
  event,
  fillFirstEdition,
  HELD,
  HELD_RUN,
  indexOf,
  numberOf,
  RUN,
  TOLD,
  WAITING,
} from './first-edition.ts';
import { accepting, linkOf } from './link-of.ts';
import { mobilesOf, startSender } from './sending.ts';
import { plan } from './town-of-six.ts';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const DAY = '2026-01-30';
/** Whoever waits for a lock in the database of this test. */
const LOCKED_OUT = `select from pg_locks l join pg_database d on d.oid = l.database
  where not l.granted and d.datname = current_database()`;
const ATTEMPT = `insert into attempt (run_day, run_id, chunk_no, seq, part_no, epoch, outcome, smpp_status, provider, recorded_at)
  values ('${DAY}', gen_random_uuid(), 1, 1, 1, 1, 'rejected', 11, 'test', now())`;

let fresh: FreshDatabase;
let db: Database;
let folder: string;

beforeEach(async () => {
  fresh = await freshDatabase({ name: 'notifier_migrations', prepare: async () => undefined });
  db = openDatabase({ url: fresh.url, applicationName: 'notifier-test', onIdleError: () => undefined });
  folder = await mkdtemp(join(tmpdir(), 'bijli-migrations-'));
});
afterEach(async () => {
  await closeDatabase(db);
  await fresh.close();
  await rm(folder, { recursive: true });
});

/** Brings the database to the state after migration `last`. */
async function migrateTo(last: number): Promise<void> {
  for (const file of await readdir(MIGRATIONS))
    if (Number(file.slice(0, 4)) <= last) await cp(join(MIGRATIONS, file), join(folder, file));
  await migrate({ url: fresh.url, sources: [{ name: 'service', folder }] });
}

describe('0006, which keeps what carriers say', () => {
  /** The files in which the attempts of the day lie. */
  const files = () => query(db, `select pg_relation_filenode('attempt_20260130') as file`);

  test('writes no attempt anew, and what code from before writes is still taken', async () => {
    await migrateTo(5);
    await query(db, 'select open_day(:day::date)', { day: DAY });
    await query(db, ATTEMPT);
    const before = await files();

    await migrateTo(6);
    await query(db, ATTEMPT);

    expect(await files()).toEqual(before);
    expect(await query(db, 'select smpp_status, command_status from attempt')).toEqual([
      { smpp_status: 11, command_status: null },
      { smpp_status: 11, command_status: null },
    ]);
  });

  test('waits for a matching of receipts under way without standing in its way', async () => {
    await migrateTo(5);
    const matching = await db.transaction();
    await query(matching, 'select from orphan_receipt');

    const migrated = migrateTo(6);
    await until(async () => (await query(db, LOCKED_OUT)).length > 0, {
      describe: 'the migration to wait',
    });
    await query(matching, `set local lock_timeout = '100ms'`);
    await query(matching, 'select from attempt');
    await query(matching, 'delete from orphan_receipt');
    await matching.commit();

    await migrated;
    expect(await query(db, 'select other_message_id from orphan_receipt')).toEqual([]);
  });
});

describe('0009, which takes over what the first edition left in the middle of a run', () => {
  let desks: Desk[] = [];
  afterEach(async () => {
    for (const desk of desks) await desk.stop();
    desks = [];
  });

  async function takenOver(): Promise<Record<string, number>> {
    await migrateTo(8);
    await fillFirstEdition(db);
    const before = await countedBefore(db);
    await migrateTo(Number.POSITIVE_INFINITY); // the code speaks to the newest tables
    return before;
  }
  const measures = async () => (await findRuns(db, { runId: RUN, limit: 1 }))[0]?.measures;
  /** Sends everything that can be sent, and tells the handsets that got a text. */
  async function sentNow(): Promise<string[]> {
    const link = linkOf(accepting());
    const { desk } = startSender(db, link);
    desks.push(desk);
    await until(
      async () => (await findRuns(db, { limit: 9 })).every(({ state, endedAt }) => state === 'held' || endedAt),
      {
        describe: 'every run to end that is not held',
      },
    );
    await desk.stop();
    return mobilesOf(link);
  }
  /** Lets receipts come that nobody knows of any more. */
  async function hear(...receipts: readonly (readonly [string, string])[]): Promise<number> {
    const mobiles = receipts.map(([id]) => indexOf(numberOf(id)).toString());
    await execute(
      db,
      `insert into orphan_receipt (arrived_at, provider, provider_message_id, stat, mobile_index)
       select now(), 'test', id, stat, mobile from unnest(:ids::text[], :mobiles::bigint[], :stats::text[]) as r (id, mobile, stat)`,
      { ids: receipts.map(([id]) => id), mobiles, stats: receipts.map(([, stat]) => stat) },
    );
    const today = istDay(new Date());
    const input = { arrivalDay: today, oldestRunDay: today, mode: 'all', againAfterSeconds: 60 } as const;
    return (await withTransaction(db, (tx) => matchOrphans(tx, input))).matched;
  }

  test('counts what was counted, and waits for what waited', async () => {
    const before = await takenOver();

    expect(await measures()).toEqual(before);
    const [held, open] = await findRuns(db, { limit: 9 });
    expect([held?.runId, held?.state, open?.runId, open?.state]).toEqual([HELD_RUN, 'held', RUN, 'open']);
    expect(await measureBacklog(db)).toEqual({ openRuns: 1, waitingContacts: 2, heldRuns: 1, refusedRuns: 0 });
  });

  test('counts no receipt a second time, and each one that is new', async () => {
    const before = await takenOver();

    expect(await hear(['m-1', 'DELIVRD'], ['m-4b', 'UNDELIV'], ['m-5', 'DNDREJECT'])).toBe(3);
    expect(await measures()).toEqual(before);

    const ids = ['m-3a', 'm-5', 'm-6', 'm-6-old', 'm-7', 'm-7-old'];
    expect(await hear(['m-4a', 'UNDELIV'], ...ids.map((id) => [id, 'DELIVRD'] as const))).toBe(7);
    expect(await measures()).toEqual({
      ...before,
      'receipts-delivered': 8,
      'receipts-failed': 1,
      'receipts-other:DNDREJECT': 0,
    });
  });

  test('goes on with the run where it was, and with the held one when it is released', async () => {
    await takenOver();

    expect(await sentNow()).toEqual(WAITING);
    const [run] = await findRuns(db, { runId: RUN, limit: 1 });
    const counts = runCounts(run?.measures ?? {}, run?.audienceSize ?? 0, true);
    expect(run?.state).toBe('complete');
    expect(counts).toMatchObject({ audience: 12, pending: 0, accepted: 9, rejected: 1, inDoubt: 1 });

    await askRun(db, { runId: HELD_RUN, kind: 'release', askedBy: 'operator-1', reason: 'still true' });
    await withTransaction(db, (tx) => confirmAsk(tx, { runId: HELD_RUN, kind: 'release', confirmedBy: 'operator-2' }));
    expect(await sentNow()).toEqual([HELD]);
  });

  test('tells the return of supply to exactly those who were told', async () => {
    await takenOver();

    await plan(db, { ...event, version: 2, type: 'SupplyRestored', status: 'restored', restoredAt: new Date() });

    expect(await sentNow()).toEqual(TOLD);
  });

  test('tells a moved time to those who were told, and the news to all others', async () => {
    await takenOver();

    await plan(db, {
      ...event,
      version: 2,
      type: 'RestorationEstimateChanged',
      estimatedRestorationAt: new Date(event.estimatedRestorationAt.getTime() + 3_600_000),
    });

    // The one that was refused is told too: it may be another text that is not.
    expect(await sentNow()).toEqual([...TOLD, ...WAITING, '919811111102'].toSorted());
  });
});
