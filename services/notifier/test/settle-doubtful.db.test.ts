import { type Database, execute, query, withTransaction } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { istDay } from '@bijli/units';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { matchOrphans } from '../src/store/receipts/match-orphans.ts';
import { setSendingSwitch } from '../src/store/runs/sending-switch.ts';
import { accepting, linkOf, type ScriptedLink } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { EMPTY_TABLES } from './receiving.ts';
import { latestRun, runEnded, type Sender, startSender } from './sending.ts';
import { outage, plan, settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let senders: Sender[] = [];
let release: () => void = () => {};

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
  await settle(db, [
    { account: '1000000001', node: 'DT-1', mobile: '9811111101' },
    { account: '1000000002', node: 'DT-2', mobile: '9811111102' },
  ]);
});
afterEach(async () => {
  release();
  await Promise.all(senders.map(({ desk }) => desk.stop()));
  senders = [];
});
afterAll(() => database.close());

function start(link: ScriptedLink, dead: readonly string[] = []): Sender {
  const sender = startSender(db, link, { dead });
  senders.push(sender);
  return sender;
}

/** Leaves both messages of a run in doubt: their holder is gone, and its provider never answered. */
async function leaveInDoubt(): Promise<{ readonly heir: Sender; readonly gone: Sender }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  release = resolve;
  const frozen = linkOf(async (message, partNo) => {
    await promise;
    return { ref: message.ref, partNo, kind: 'not-written' };
  });
  const gone = start(frozen);
  await until(() => frozen.sent.length > 0, { describe: 'a text to be on its way' });
  frozen.lose();
  const heir = start(linkOf(accepting()), [gone.holderId]);
  await until(async () => (await latestRun(db))?.counts.inDoubt === 2, { describe: 'both to be in doubt' });
  return { heir, gone };
}

/** A receipt of a text to the handset of an account, under an id that nobody heard. */
const hear = (account: string, id: string, stat = 'DELIVRD') =>
  execute(
    db,
    `insert into orphan_receipt (arrived_at, provider, provider_message_id, stat, mobile_index)
     select now(), 'test', :id, :stat, mobile_index from audience where account_number = :account`,
    { id, stat, account },
  );
const day = istDay(new Date());
const look = () =>
  withTransaction(db, (tx) =>
    matchOrphans(tx, { arrivalDay: day, oldestRunDay: day, mode: 'all', againAfterSeconds: 5 }),
  );

test('a receipt of its handset settles what is in doubt, which does not go once more; the others do', async () => {
  await plan(db, outage());
  const { heir, gone } = await leaveInDoubt();
  await hear('1000000001', 'unheard-1');

  expect(await look()).toMatchObject({ matched: 1 });
  expect((await latestRun(db))?.counts).toMatchObject({
    accepted: 1,
    inDoubt: 1,
    parts: { accepted: 1, delivered: 1 },
  });
  await heir.desk.stop();
  await query(db, `update message_state set recorded_at = recorded_at - interval '61 s' where state = 'ambiguous'`);
  const link = linkOf(accepting());
  start(link, [gone.holderId]);
  const { counts } = await runEnded(db, 1);
  expect(link.sent.map(({ destination }) => destination.slice(-4))).toEqual(['1102']);
  expect(counts).toMatchObject({ accepted: 2, inDoubt: 0 });
});

test('a receipt that comes again, or says that it failed, counts once and by what it says', async () => {
  await plan(db, outage());
  await leaveInDoubt();
  await hear('1000000001', 'unheard-1', 'UNDELIV');
  await hear('1000000001', 'unheard-1', 'UNDELIV');

  expect(await look()).toMatchObject({ matched: 2 });
  expect((await latestRun(db))?.counts.parts).toMatchObject({ accepted: 1, failed: 1, delivered: 0 });
});

test('where two messages in doubt went to the handset nobody knows whose it is', async () => {
  await plan(db, outage());
  await leaveInDoubt();
  await plan(db, outage({ aggregateId: '00000000-0000-7000-8000-00000000000b', nodeIds: ['SS-1'] }));
  await execute(
    db,
    `with other as (select run_id, run_day from run order by planned_at desc limit 1),
     row as (insert into ledger (run_day, run_id, connection_id, contact_no, mobile_index, chunk_no, seq, fate, template_key, language, account_number)
             select o.run_day, o.run_id, gen_random_uuid(), 1, a.mobile_index, 1, 1, 'carrier', 'x', 'hi', a.account_number
               from other o, audience a where a.account_number = '1000000001')
     insert into message_state (run_day, run_id, chunk_no, seq, send_no, epoch, state, provider, recorded_at)
     select run_day, run_id, 1, 1, 1, 1, 'in-doubt', 'test', now() from other`,
    {},
  );
  await hear('1000000001', 'unheard-1');

  expect(await look()).toMatchObject({ matched: 0 });
});
