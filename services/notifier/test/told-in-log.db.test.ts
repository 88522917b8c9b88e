import { type Database, withTransaction } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findRuns } from '../src/store/runs/find-runs.ts';
import { onAccount } from '../src/subscriptions/on-account.ts';
import { onOutage } from '../src/subscriptions/on-outage.ts';
import { notifierDatabase } from './notifier-database.ts';
import { payment } from './personal-news.ts';
import { HOMES } from './sending.ts';
import { outage, settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
  await settle(db, HOMES);
});
afterAll(() => database.close());

test('the log tells of the runs that were planned, and of none that was rolled back', async () => {
  const lines: string[] = [];
  const log = openLog('test', 'info', { write: (line) => void lines.push(line) });
  const heard = <E>(event: E) => ({ event, context: ROOT_CONTEXT, receivedAt: new Date() });
  const hear = (fails: boolean) =>
    withTransaction(db, async (tx) => {
      await onOutage({ largestAudience: 9, confirmAbove: 9, log })(tx, [heard(outage())]);
      await onAccount({ log })(tx, [heard(payment('1000000001', { version: 1 }))]);
      if (fails) throw new Error('the connection was lost');
    });

  await expect(hear(true)).rejects.toThrow('the connection was lost');
  await hear(false);

  const told = lines.map((line) => (JSON.parse(line) as { runId: string }).runId).sort();
  expect(told).toEqual((await findRuns(db, { limit: 9 })).map(({ runId }) => runId).sort());
});
