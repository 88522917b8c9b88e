import { type Database, query } from '@bijli/postgres';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldSends, messageStates, type SendFact } from '../src/domain/message-states.ts';
import { FURTHEST_FIRST } from '../src/store/messages/furthest-first.ts';
import { notifierDatabase } from './notifier-database.ts';

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
afterAll(() => database.close());

/** Where a message stands, as SQL finds it among what is written of it. */
async function stands(facts: readonly SendFact[]): Promise<SendFact | undefined> {
  const [row] = await query<SendFact>(
    db,
    `select m.send_no as "sendNo", m.state from unnest(:sendNos::smallint[], :states::text[]) as m (send_no, state)
      order by ${FURTHEST_FIRST('m')} limit 1`,
    { sendNos: facts.map(({ sendNo }) => sendNo), states: facts.map(({ state }) => state) },
  );
  return row;
}

test('what did not leave at an older send does not hide what a later one came to: in SQL as in the code', async () => {
  expect(
    await stands([
      { sendNo: 1, state: 'returned' },
      { sendNo: 1, state: 'superseded' },
      { sendNo: 2, state: 'accepted' },
    ]),
  ).toEqual({ sendNo: 2, state: 'accepted' });

  const fact = fc.record({
    sendNo: fc.integer({ min: 1, max: 3 }),
    state: fc.constantFrom(...messageStates.filter((state) => state !== 'waiting')),
  });
  const written = fc.array(fact, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(written, async (facts) => {
      const [inSql, inCode] = [await stands(facts), foldSends(facts)];
      expect(rankOf(inSql)).toBe(rankOf(inCode));
      if (inCode?.state !== 'accepted') expect(inSql?.sendNo).toBe(inCode?.sendNo);
    }),
    { numRuns: 300 },
  );
});

/** Of one send in two states of one rank either may be named. */
const EQUAL: readonly (readonly string[])[] = [
  ['returned', 'deferred', 'blocked'],
  ['superseded', 'stale', 'unrenderable'],
];
function rankOf(fact: SendFact | null | undefined): string {
  const state = fact?.state ?? '';
  return EQUAL.find((some) => some.includes(state))?.[0] ?? state;
}
