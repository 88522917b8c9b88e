import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { query } from '@bijli/postgres';
import { badInputs } from './bad-inputs.ts';
import { connect, freshNumber } from './ledger-in-database.ts';
import { dayIn } from './neighbours.ts';
import { type RunningBilling, rulesOf, startBilling } from './running-billing.ts';

let billing: RunningBilling;
let before: unknown;
let tried = 0;
const accountNumber = freshNumber();
const inputs = badInputs(accountNumber);

const everything = () =>
  query(
    billing.db,
    `select (select json_agg(account order by id) from account) as accounts,
            (select json_agg(entry order by account_id, version) from entry) as entries,
            (select json_agg(waiting_event) from waiting_event) as waiting,
            (select count(*) from outbox_event) as outbox,
            (select json_agg(answered_request) from answered_request) as answers`,
  );

beforeAll(async () => {
  billing = await startBilling({ isKafkaAway: true });
  await connect(billing.db, accountNumber);
  const post = (path: string, body: object) => billing.ask('POST', path, { accountNumber, ...body });
  await post('/v1/payments', { reference: 'T-1', amountPaise: 5 });
  await post('/v1/payments', { reference: 'T-2', amountPaise: 5 });
  await post('/v1/payments/T-2/reversal', {});
  await post('/v1/bills', { reference: 'B-1', amountPaise: 9, issuedOn: dayIn(-1), dueOn: dayIn(9) });
  await post('/v1/bills', { reference: 'B-2', amountPaise: 9, issuedOn: dayIn(-1), dueOn: dayIn(9) });
  await post('/v1/bills/B-2/cancellation', {});
  before = await everything();
});
afterAll(async () => {
  await billing.stop();
});

describe('bad input', () => {
  test.each(inputs)(
    '%s is refused with field and rule, and nothing is written',
    async (_what, path, body, status, errors) => {
      tried += 1;
      const answer = await billing.ask('POST', path, body, { 'idempotency-key': `bad-${tried}` });

      expect(answer.headers.get('content-type')).toMatch('application/problem+json');
      const rules = [...new Set(rulesOf(answer))];
      expect([answer.status, ...(path === '/v1/account-events' ? rules.slice(0, 1) : rules)]).toEqual([
        status,
        ...errors,
      ]);
      expect(answer.text).not.toContain(accountNumber);
      expect(await everything()).toEqual(before);
    },
  );

  test('462,000 bills in one call are refused before they are read', async () => {
    tried += 1;
    const event = { type: 'PaymentReceived', accountNumber, reference: 'X-1', amountPaise: 9 };
    const one = JSON.stringify(event);
    const answer = await billing.ask('POST', '/v1/account-events', `{"events":[${`${one},`.repeat(461_999)}${one}]}`);

    expect([answer.status, answer.body['code']]).toEqual([413, 'too-large']);
    expect(await everything()).toEqual(before);
  });

  test.each([
    '/v1/accounts/41',
    '/v1/accounts/4100000001%00',
    '/v1/entries',
    '/v1/entries?reference=',
    '/v1/entries?reference=a&reference=b',
    '/v1/entries?reference[]=a',
    '/v1/entries?reference=a&cursor=bm9uZQ',
    '/v1/waiting-events?reason=any',
    '/v1/waiting-events?limit=1000000000',
    '/v1/waiting-events?cursor=WyInOyJd',
    '/v1/unchanged-events?reference=',
    '/v1/unchanged-events?reason=unknown-account',
    '/v1/unchanged-events?cursor=WyInOyJd',
    `/v1/accounts/${accountNumber}/entries?cursor=Wy0xXQ`,
    `/v1/accounts/${accountNumber}/entries?limit=0`,
    `/v1/accounts/${accountNumber}/entries?Limit=1`,
  ])('a reader that asks %s is refused', async (path) => {
    tried += 1;
    expect((await billing.ask('GET', path)).status).toBe(400);
  });

  test('was tried in many ways', () => {
    expect(tried).toBe(inputs.length + 17);
    expect(tried).toBeGreaterThan(100);
  });
});
