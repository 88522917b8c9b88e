import { type Database, query, withTransaction } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Desk } from '../src/dispatch/desk.ts';
import type { AskKind } from '../src/domain/run-ask.ts';
import { askRun } from '../src/store/runs/ask-run.ts';
import { confirmAsk } from '../src/store/runs/confirm-ask.ts';
import { setSendingSwitch } from '../src/store/runs/sending-switch.ts';
import { accepting, linkOf, type ScriptedLink } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { EMPTY_TABLES } from './receiving.ts';
import { HOMES, latestRun, runEnded, startSender } from './sending.ts';
import { outage, plan, settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let desk: Desk | undefined;
let link: ScriptedLink;

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
  await settle(db, HOMES);
  link = linkOf(accepting());
});
afterEach(() => desk?.stop());
afterAll(() => database.close());

const ask = (runId: string, kind: AskKind, askedBy = 'operator-1') =>
  askRun(db, { runId, kind, askedBy, reason: 'test' });
const confirm = (runId: string, kind: AskKind, confirmedBy = 'operator-2') =>
  withTransaction(db, (tx) => confirmAsk(tx, { runId, kind, confirmedBy }));
const runIdOf = (stored: Awaited<ReturnType<typeof plan>>): string => ('runId' in stored ? stored.runId : '');

test('an alert to more than may be told by one person waits for two', async () => {
  const stored = await plan(db, outage(), { confirmAbove: 5 });
  expect(stored).toMatchObject({ outcome: 'planned', audienceSize: 6, isMass: true });
  desk = startSender(db, link).desk;
  expect((await latestRun(db))?.run).toMatchObject({ state: 'held', stateReason: 'mass-alert' });

  await ask(runIdOf(stored), 'release');
  expect(await confirm(runIdOf(stored), 'release', 'operator-1')).toBe('same-person');
  expect(await confirm(runIdOf(stored), 'release')).toBe('done');
  const { run, counts } = await runEnded(db, 1);
  expect(counts.accepted).toBe(3);
  expect(run.stateReason).toBe('released by operator-1, confirmed by operator-2: test');
  expect(await confirm(runIdOf(stored), 'release')).toBe('not-asked');
});

test('a recalled run leaves no more texts, and says what was left', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const accept = accepting();
  link = linkOf(async (message, partNo) => {
    if (link.sent.length > 1) await promise;
    return accept(message, partNo);
  });
  const runId = runIdOf(await plan(db, outage()));
  desk = startSender(db, link, { mostAhead: 1 }).desk;
  await until(() => link.sent.length === 2, { describe: 'the second text to be on its way' });

  expect(await ask(runId, 'recall')).toBe(true);
  expect(await ask(runId, 'recall')).toBe(false);
  expect(await confirm(runId, 'recall')).toBe('done');
  resolve();
  const { run, counts } = await runEnded(db, 1);
  expect(link.sent).toHaveLength(2);
  expect(counts).toMatchObject({ accepted: 2, superseded: 1, pending: 0 });
  expect(run).toMatchObject({
    state: 'superseded',
    stateReason: 'recalled by operator-1, confirmed by operator-2: test',
  });
  expect(await ask(runId, 'recall')).toBe(false);
});

test('a confirmation that comes when a newer revision has taken over changes nothing', async () => {
  const runId = runIdOf(await plan(db, outage()));
  await ask(runId, 'recall');
  await plan(db, outage({ version: 2, type: 'RestorationEstimateChanged' }));

  expect(await confirm(runId, 'recall')).toBe('over');
});
