import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { query, withTransaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { upsertConnections } from '../src/store/upsert-connections.ts';
import { type Answered, rules } from './ask.ts';
import { complaintDatabase, withPool } from './complaint-database.ts';
import { startHttpAlone } from './running-complaint.ts';

const MINE = '4100000001';
const OTHERS = '4100000002';
const CLOSED = '4100000003';
const SCRIPT = '<script>alert(1)</script>';
const MOBILE = '9876500042';
const LONG = 'x'.repeat(50_000);
const KEY = { 'idempotency-key': 'used-before' };
const DEEP = `${'['.repeat(40)}${']'.repeat(40)}`;

let database: Awaited<ReturnType<typeof complaintDatabase>>;
let service: Awaited<ReturnType<typeof startHttpAlone>>;
/** Numbers of complaints: one of mine that is lodged, one of mine that is resolved, one of another consumer's that is resolved. */
let lodged: string;
let resolved: string;
let others: string;

beforeAll(async () => {
  database = await complaintDatabase();
  const connections = [MINE, OTHERS, CLOSED].map((accountNumber) => ({
    connectionId: newId(),
    version: 1,
    accountNumber,
    formerAccountNumbers: [],
    nodeCode: null,
    state: accountNumber === CLOSED ? 'closed' : 'active',
  }));
  await withPool(database.url, (db) => withTransaction(db, (tx) => upsertConnections(tx, connections)));
  service = await startHttpAlone(database.url);
  lodged = await lodge(MINE, 'no-supply', KEY);
  resolved = await lodge(MINE, 'wrong-bill');
  others = await lodge(OTHERS, 'no-supply');
  for (const number of [resolved, others]) await service.ask('POST', `/v1/complaints/${number}/resolution`, {});
});
afterAll(async () => {
  await service?.stop();
  await database?.close();
});

async function lodge(accountNumber: string, kind: string, headers = {}): Promise<string> {
  const { status, body } = await service.ask('POST', '/v1/complaints', { accountNumber, kind }, headers);
  expect(status).toBe(201);
  return String(body['complaintNumber']);
}

type Case = [what: string, asked: () => Promise<Answered>, expected: string];

const good = { accountNumber: MINE, kind: 'fuse-off' };
const posted = (what: string, body: unknown, expected: string, headers: Record<string, string> = {}): Case => [
  what,
  () => service.ask('POST', '/v1/complaints', body, headers),
  expected,
];
const changed = (
  what: string,
  path: () => string,
  body: unknown,
  expected: string,
  headers: Record<string, string> = {},
): Case => [what, () => service.ask('POST', `/v1/complaints/${path()}`, body, headers), expected];
const read = (what: string, path: string, expected: string): Case => [
  what,
  () => service.ask('GET', `/v1/complaints${path}`),
  expected,
];
const yes = { accountNumber: MINE, isBack: true };

const cases: Case[] = [
  posted('a text of 50 k', { ...good, text: LONG }, '400 /body/text unknown-field'),
  posted('a text of 50 k for an account', { ...good, accountNumber: LONG }, '400 /body/accountNumber format'),
  posted('a text of 50 k for a kind', { ...good, kind: LONG }, '400 /body/kind choice'),
  posted('a text of 50 k for a name of a field', { ...good, [LONG]: 1 }, '400 /body/? unknown-field'),
  posted('a body of 200 k', { ...good, text: LONG.repeat(4) }, '413'),
  posted('script tags in a field', { ...good, description: SCRIPT }, '400 /body/description unknown-field'),
  posted('script tags for a kind', { ...good, kind: SCRIPT }, '400 /body/kind choice'),
  posted('script tags for an account', { ...good, accountNumber: SCRIPT }, '400 /body/accountNumber format'),
  posted('script tags for a name of a field', { ...good, [SCRIPT]: 1 }, '400 /body/? unknown-field'),
  posted('a mobile number', { ...good, mobile: MOBILE }, '400 /body/mobile unknown-field'),
  posted('a mobile number for a name of a field', { ...good, [MOBILE]: 1 }, '400 /body/? unknown-field'),
  posted('a misspelt field', { ...good, Area: 'town' }, '400 /body/Area unknown-field'),
  posted('a status', { ...good, status: 'closed' }, '400 /body/status unknown-field'),
  posted('a proof', { ...good, proof: 'consumer-confirmed' }, '400 /body/proof unknown-field'),
  posted('__proto__', '{"accountNumber":"1","__proto__":{"isBack":true}}', '400 /body/__proto__ reserved-key'),
  posted('constructor', { ...good, constructor: {} }, '400 /body/constructor unknown-field'),
  posted('NUL', '{"accountNumber":"41\\u000000001","kind":"other"}', '400 /body/accountNumber nul-character'),
  posted('a key twice', '{"kind":"other","kind":"fuse-off"}', '400 /body/kind duplicate-key'),
  posted('a key twice by an escape', '{"kind":"other","\\u006bind":"other"}', '400 /body/kind duplicate-key'),
  posted('deep JSON', DEEP, '400 /body depth'),
  posted('no JSON', '{"kind":', '400 /body json'),
  posted('no UTF-8', Buffer.from('{"kind":"\xff"}', 'latin1'), '400 /body utf-8'),
  posted('another media type', 'kind=other', '415', { 'content-type': 'application/x-www-form-urlencoded' }),
  posted('no body', undefined, '400 /body required'),
  posted('null', 'null', '400 /body type'),
  posted('a list', [good], '400 /body type'),
  posted('an empty object', {}, '400 /body/accountNumber required, /body/kind choice'),
  posted('a number for an account', { ...good, accountNumber: 4_100_000_001 }, '400 /body/accountNumber type'),
  posted('a list of accounts', { ...good, accountNumber: [MINE, OTHERS] }, '400 /body/accountNumber type'),
  posted('a homoglyph account', { ...good, accountNumber: '41OOOOO00Ⅰ' }, '400 /body/accountNumber format'),
  posted(
    'what a spreadsheet left of an account',
    { ...good, accountNumber: '4.1E+09' },
    '400 /body/accountNumber format',
  ),
  posted('SQL for an account', { ...good, accountNumber: `1' or '1'='1` }, '400 /body/accountNumber format'),
  posted('../ for an account', { ...good, accountNumber: '../../x' }, '400 /body/accountNumber format'),
  posted('a formula for an account', { ...good, accountNumber: '=HYPERLINK(1)' }, '400 /body/accountNumber format'),
  posted(
    'an account that nobody has',
    { ...good, accountNumber: '0000000000' },
    '404 /body/accountNumber unknown-account',
  ),
  posted('a closed connection', { ...good, accountNumber: CLOSED }, '409 /body/accountNumber connection-closed'),
  posted('a kind of no list', { ...good, kind: 'monkeys' }, '400 /body/kind choice'),
  posted('an area of no list', { ...good, area: 'city' }, '400 /body/area choice'),
  posted('null for an area', { ...good, area: null }, '400 /body/area choice'),
  posted('a key used with another body', { ...good, kind: 'other' }, '422 /headers/idempotency-key key-reused', KEY),
  posted('a key of spaces', good, '400 /headers/idempotency-key format', { 'idempotency-key': 'a b' }),
  posted('a key of 256 characters', good, '400 /headers/idempotency-key format', {
    'idempotency-key': 'k'.repeat(256),
  }),
  ['a query where none is taken', () => service.ask('POST', '/v1/complaints?x=1', good), '400 /query/x unknown-field'],

  changed('a number that is none', () => '42/work', {}, '400 /params/number format'),
  changed('a number of script tags', () => `${encodeURIComponent(SCRIPT)}/work`, {}, '400 /params/number format'),
  changed('a number of ../', () => '..%2F..%2Fetc/work', {}, '400 /params/number format'),
  changed('a number that nobody has', () => 'CMP-2026-9999999/work', {}, '404'),
  changed('work with a text', () => `${lodged}/work`, { text: SCRIPT }, '400 /body/text unknown-field'),
  changed('work without a body', () => `${lodged}/work`, undefined, '400 /body required'),
  changed('work that no office has', () => `${lodged}/work`, {}, '409'),
  changed(
    'a person for an office',
    () => `${lodged}/assignment`,
    { officeCode: 'Ram Kumar' },
    '400 /body/officeCode format',
  ),
  changed(
    'a mobile number for an office',
    () => `${lodged}/assignment`,
    { officeCode: 'JE-98765-01234' },
    '400 /body/officeCode mobile-number',
  ),
  changed('50 k for an office', () => `${lodged}/assignment`, { officeCode: LONG }, '400 /body/officeCode format'),
  changed('no office', () => `${lodged}/assignment`, {}, '400 /body/officeCode required'),
  changed(
    'a resolution with a proof',
    () => `${lodged}/resolution`,
    { proof: 'time-out' },
    '400 /body/proof unknown-field',
  ),
  changed('a resolution twice', () => `${resolved}/resolution`, {}, '409'),
  changed('an older version', () => `${lodged}/resolution`, {}, '409 /headers/if-match stale-version', {
    'if-match': '"7"',
  }),
  changed('any version', () => `${lodged}/resolution`, {}, '400 /headers/if-match format', { 'if-match': '*' }),
  changed('a weak version', () => `${lodged}/resolution`, {}, '400 /headers/if-match format', { 'if-match': 'W/"1"' }),
  changed('a yes before anybody asked', () => `${lodged}/confirmation`, yes, '409'),
  changed('a yes in words', () => `${resolved}/confirmation`, { ...yes, isBack: 'yes' }, '400 /body/isBack type'),
  changed('no yes and no no', () => `${resolved}/confirmation`, { accountNumber: MINE }, '400 /body/isBack required'),
  changed('a yes of nobody', () => `${resolved}/confirmation`, { isBack: true }, '400 /body/accountNumber required'),
  changed('a yes to another consumer’s complaint', () => `${others}/confirmation`, yes, '404'),
  changed('a no to another consumer’s complaint', () => `${others}/confirmation`, { ...yes, isBack: false }, '404'),
  changed(
    'a yes of an account that nobody has',
    () => `${resolved}/confirmation`,
    { ...yes, accountNumber: '000' },
    '404',
  ),
  changed('a yes to an older version', () => `${resolved}/confirmation`, yes, '409 /headers/if-match stale-version', {
    'if-match': '"1"',
  }),
  changed('to reopen another consumer’s complaint', () => `${others}/reopening`, { accountNumber: MINE }, '404'),
  changed('to reopen what is open', () => `${lodged}/reopening`, { accountNumber: MINE }, '409'),
  changed('to merge it into itself', () => `${lodged}/merge`, { into: 'itself' }, '404'),
  ['to delete it', () => service.ask('DELETE', `/v1/complaints/${lodged}`), '405'],

  read('a page of 10⁹', '?limit=1000000000', '400 /query/limit maximum'),
  read('a page of nothing', '?limit=0', '400 /query/limit format'),
  read('a page of less', '?limit=-1', '400 /query/limit format'),
  read('a status of no list', '?status=fixed', '400 /query/status choice'),
  read('a status twice', '?status=lodged&status=lodged', '400 /query/status duplicate-key'),
  read('a list in a query', '?accountNumber[]=1', '400 /query/? unknown-field'),
  read('an overdue that is none', '?overdue=yes', '400 /query/overdue choice'),
  read('a cursor of nobody’s', '?cursor=bm9uZQ', '400 /query/cursor cursor'),
  read('script tags in a query', `?officeCode=${encodeURIComponent(SCRIPT)}`, '400 /query/officeCode format'),
  read('NUL in a query', '?accountNumber=41%00', '400 /query/accountNumber nul-character'),
  read('__proto__ in a query', '?__proto__=1', '400 /query/__proto__ unknown-field'),
  read('a number that is none', '/CMP-26-1', '400 /params/number format'),
  read('a history of nobody’s', '/CMP-2026-9999999/history', '404'),
];

/** Everything that a request could write, as text. */
const written = () =>
  withPool(database.url, (db) =>
    query(
      db,
      `select (select md5(string_agg(c::text, '' order by c.id)) from complaint c) as complaints,
              (select count(*) from complaint_event) as events, (select latest from complaint_year) as latest,
              (select count(*) from closing_proof) as proofs, (select count(*) from outbox_event) as said,
              (select count(*) from answered_request) as answers`,
    ),
  );

test(`each of ${cases.length} bad inputs is refused with field and rule, echoes nothing and writes nothing`, async () => {
  const before = await written();
  const seen: string[] = [];
  for (const [what, asked] of cases) {
    const answer = await asked();
    seen.push(`${what}: ${[answer.status, rules(answer).join(', ')].filter((part) => part !== '').join(' ')}`);
    const text = JSON.stringify(answer.body);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    for (const value of ['alert(1)', MOBILE, 'xxxxx', 'Ram', 'HYPERLINK', MINE, OTHERS])
      expect(text).not.toContain(value);
  }

  expect(seen).toEqual(cases.map(([what, , expected]) => `${what}: ${expected}`));
  expect(cases.length).toBeGreaterThanOrEqual(80);
  expect(await written()).toEqual(before);
});

test('another consumer’s complaint, a number that nobody has and an account that nobody has look the same', async () => {
  const answers = await Promise.all([
    service.ask('POST', `/v1/complaints/${others}/confirmation`, yes),
    service.ask('POST', '/v1/complaints/CMP-2026-9999999/confirmation', yes),
    service.ask('POST', `/v1/complaints/${others}/confirmation`, { ...yes, accountNumber: '0000000000' }),
  ]);

  expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
});
