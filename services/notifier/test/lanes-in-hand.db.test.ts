import { type Database, query } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Desk } from '../src/dispatch/desk.ts';
import { setSendingSwitch } from '../src/store/runs/sending-switch.ts';
import { accepting, linkOf, type ScriptedLink } from './link-of.ts';
import { notifierDatabase } from './notifier-database.ts';
import { accountEvent, hearAccounts } from './personal-news.ts';
import { EMPTY_TABLES } from './receiving.ts';
import { startSender } from './sending.ts';
import { outage, plan, settle } from './town-of-six.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let desk: Desk | undefined;
let link: ScriptedLink;

/** More than a process holds of any lane. */
const MANY = 450;
const ACCOUNT = '1000000001';

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
  await settle(db, [{ account: ACCOUNT, node: 'DT-1', mobile: '9811111101', language: 'en' }]);
  link = linkOf(accepting());
});
afterEach(() => desk?.stop());
afterAll(() => database.close());

/** Hears bills of one account: each is a run of its own. */
function bills(count: number) {
  return hearAccounts(
    db,
    ...Array.from({ length: count }, (_, n) => accountEvent(ACCOUNT, { version: n + 1, reference: `B-${n + 1}` })),
  );
}

/** Waits until a desk has as many chunks in hand as it takes. @returns how many. */
async function handFull(): Promise<number> {
  let before = -1;
  return until(
    async () => {
      const rows = await query<{ n: number }>(
        db,
        `select count(*)::int as n from chunk where holder_id is not null and state = 'expanded'`,
      );
      const now = rows[0]?.n ?? 0;
      const isFull = now > 0 && now === before;
      before = now;
      return isFull ? now : undefined;
    },
    { describe: 'the hand to be full' },
  );
}

describe('a hand full of bills', () => {
  test('has room for a new cut, though not one of them can leave', async () => {
    await bills(MANY);
    link.hasRoom = false;
    desk = startSender(db, link).desk;
    expect(await handFull()).toBeLessThan(MANY);

    await plan(db, outage({}));
    await until(
      async () =>
        (
          await query(
            db,
            `select from chunk c join run r using (run_id) where r.kind = 'unplanned' and c.state = 'expanded'`,
          )
        ).length > 0,
      { describe: 'the cut to be ready' },
    );
  });
});
