import type { ConnectionEvent } from '@bijli/events';
import { type Database, execute, query, withTransaction } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Desk } from '../src/dispatch/desk.ts';
import { holdChunks } from '../src/store/chunks/hold-chunks.ts';
import { setSendingSwitch } from '../src/store/runs/sending-switch.ts';
import { onConnection } from '../src/subscriptions/on-connection.ts';
import { accepting, linkOf } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { complaintEvent, hearAccounts, hearComplaints, payment } from './personal-news.ts';
import { EMPTY_TABLES } from './receiving.ts';
import { allEnded, inEachLane, latestRun, mobilesOf, startSender, sumOf } from './sending.ts';
import { blindIndexKey, connectionEvent, type Home, sealKeys, settle } from './town-of-six.ts';

/** News of one account each: a payment, a complaint, each in a run of its own or with a few others. */
const ACCOUNTS = 200;
const homes: Home[] = Array.from({ length: ACCOUNTS }, (_, n) => ({
  account: String(1_000_000_001 + n),
  node: 'DT-1',
  mobile: String(9_811_111_101 + n),
  language: 'en',
}));

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let desk: Desk | undefined;

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
  await settle(db, homes);
});
afterEach(async () => {
  await desk?.stop();
  desk = undefined;
});
afterAll(() => database.close());

describe('payments that are heard one by one', () => {
  test('are all under way at once, before the first is answered: no run waits for another one', async () => {
    for (const { account } of homes) await hearAccounts(db, payment(account, { version: 1 }));
    const answered = Promise.withResolvers<void>();
    const accept = accepting();
    const link = linkOf(async (message, partNo) => {
      await answered.promise;
      return accept(message, partNo);
    });
    desk = startSender(db, link, { mostAhead: ACCOUNTS }).desk;
    try {
      await until(() => link.sent.length === ACCOUNTS, { describe: () => `all to leave, ${link.sent.length} did` });
    } finally {
      answered.resolve();
    }
    await allEnded(db);
    expect(new Set(mobilesOf(link)).size).toBe(ACCOUNTS);
  });

  test('cost as much to take in hand when 20,000 wait as when a few do', async () => {
    const waiting = (count: number) =>
      execute(
        db,
        `with told as (
           insert into run (run_id, thread_id, revision, kind, run_day, state, lane, facts, not_after, audience_size, planned_at)
           select uuidv7(), 'payment:' || gen_random_uuid(), 1, 'payment', current_date, 'open', 4, '{}', now() + interval '1 day', 1,
                  now() - n * interval '1 second'
             from generate_series(1, :count::int) n returning run_id)
         insert into chunk (run_id, chunk_no, range_from, range_to) select run_id, 1, -1, 1 from told`,
        { count },
      );
    await waiting(200);
    await query(db, 'analyze run, chunk');
    const few = await rowsReadByClaim();
    await waiting(20_000);
    await query(db, 'analyze run, chunk');

    expect(await rowsReadByClaim()).toBeLessThanOrEqual(2 * few);
  });
});

describe('a connection of which two contacts have one number', () => {
  const account = '1000000500';
  /** A connection with two contacts; the first one may be other than before. */
  const say = (version: number, first: Partial<ConnectionEvent['contacts'][number]> = {}) => {
    const event = connectionEvent({ account, node: 'DT-1', mobile: '9811119900', language: 'en' }, version);
    const [contact] = event.contacts;
    if (contact === undefined) throw new Error('no contact');
    const contacts = [
      { ...contact, ...first },
      { ...contact, contactNo: 2 },
    ];
    return withTransaction(db, (tx) =>
      onConnection({ sealKeys, blindIndexKey })(tx, [
        { event: { ...event, contacts }, context: ROOT_CONTEXT, receivedAt: new Date() },
      ]),
    );
  };
  const sealed = (mobile: string) => {
    const [contact] = connectionEvent({ account, node: 'DT-1', mobile }, 1).contacts;
    return { sealedNumber: contact?.sealedNumber ?? null, sealKeyId: contact?.sealKeyId ?? null };
  };

  test.each<[string, Partial<ConnectionEvent['contacts'][number]>, string[]]>([
    ['stays as it is', {}, ['919811119900']],
    ['has another number', sealed('9811119911'), ['919811119900', '919811119911']],
    ['says STOP', { purposes: [] }, ['919811119900']],
  ])('is told of a payment wherever one may be, when the first of them %s before it leaves', async (_, first, told) => {
    await say(1);
    await hearAccounts(db, payment(account, { version: 1 }));
    await say(2, first);
    const link = linkOf(accepting());
    desk = startSender(db, link).desk;
    await allEnded(db);

    expect(mobilesOf(link)).toEqual(told);
  });
});

test('a desk that is told a thousand times in one turn that there is something new looks once', async () => {
  let looks = 0;
  const counting = new Proxy(db, {
    get: (target, name) => {
      const value: unknown = target[name as keyof Database];
      if (name !== 'raw') return typeof value === 'function' ? value.bind(target) : value;
      return (sql: string, ...rest: never[]) => {
        if (/with free as/.test(sql)) looks += 1;
        return target.raw.call(target, sql, ...(rest as [never]));
      };
    },
  });
  const waking = startSender(counting, linkOf(accepting()), { idleMs: 60_000 }).desk;
  desk = waking;
  await until(() => looks > 0, { describe: 'the first look' });
  await hearAccounts(db, payment(homes[0]?.account ?? '', { version: 1 }));
  const before = looks;

  for (let n = 0; n < 1_000; n += 1) waking.wake();
  await allEnded(db);

  // One for what is new, one when the chunk is closed.
  expect(looks - before).toBeLessThanOrEqual(5);
});

/** How many rows of runs and chunks are read to take a hundred chunks in hand. */
async function rowsReadByClaim(): Promise<number> {
  return withTransaction(db, async (tx) => {
    const taken = await holdChunks(tx as unknown as Database, {
      holderId: newId(),
      dead: [],
      room: inEachLane(100),
      mostOfRun: 3,
      partStride: 1,
    });
    expect(taken).toHaveLength(100);
    const [read] = await query<{ n: number }>(
      tx,
      `select sum(seq_tup_read + idx_tup_fetch)::int as n from pg_stat_xact_user_tables where relname in ('run', 'chunk')`,
    );
    return read?.n ?? 0;
  });
}

test('a complaint whose number is too long for its text ends alone: the others of its batch are told', async () => {
  const [first, second, third] = homes;
  await hearComplaints(
    db,
    complaintEvent(first?.account ?? '', { aggregateId: newId(), complaintNumber: 'CMP-2026-0000000000042' }),
    complaintEvent(second?.account ?? '', { aggregateId: newId() }),
    complaintEvent(third?.account ?? '', { aggregateId: newId() }),
  );
  const link = linkOf(accepting());
  desk = startSender(db, link).desk;
  await allEnded(db);

  const counts = (await latestRun(db))?.counts;
  expect(counts).toMatchObject({ unrenderable: 1, accepted: 2, pending: 0 });
  expect(counts && sumOf(counts)).toBe(counts?.audience);
  expect(mobilesOf(link)).toEqual([`91${second?.mobile}`, `91${third?.mobile}`]);
});
