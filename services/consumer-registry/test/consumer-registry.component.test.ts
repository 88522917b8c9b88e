import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { withTransaction } from '@bijli/postgres';
import { armFailpoints, disarmFailpoints } from '@bijli/service';
import { until } from '@bijli/testing';
import { openMobileNumbers } from '@bijli/units';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { lockConnections } from '../src/store/begin-import.ts';
import { connectionFile, keys, networkFile, smallNetwork } from './files.ts';
import { type Answer, type RunningRegistry, startRegistry } from './running-registry.ts';

const ACCOUNT = '4100000001';
const CANARY = '9812345670';

let registry: RunningRegistry;

beforeAll(async () => {
  registry = await startRegistry();
  await registry.ask('POST', '/v1/network-imports', { csv: smallNetwork });
  const rows = Array.from({ length: 9 }, (_, index) => ({ account_number: `410000000${index + 1}` }));
  await registry.ask('POST', '/v1/connection-imports', { csv: connectionFile(...rows) });
});
afterAll(() => registry.stop());
afterEach(() => disarmFailpoints());

const numberPath = (account: string, contactNo = 1) => `/v1/connections/${account}/contacts/${contactNo}/mobile-number`;
const change = (account: string, mobileNumber: unknown, more: object = {}, headers: Record<string, string> = {}) =>
  registry.ask('PUT', numberPath(account), {
    json: { mobileNumber, source: 'je', changedBy: 'je-221', ...more },
    headers,
  });
const rules = (body: Answer['body']) => body.errors?.map(({ field, rule }) => `${field} ${rule}`);

describe('a mobile number', () => {
  test('changes: answer, state, event, history, and nothing of it in the log', async () => {
    const answer = await change(ACCOUNT, '+91 98765 43299');

    expect(answer).toMatchObject({
      status: 200,
      body: {
        accountNumber: ACCOUNT,
        contactNo: 1,
        mobileNumber: '98••••••99',
        numberState: 'collected',
        version: 2,
        isChanged: true,
      },
    });
    expect(answer.headers.get('etag')).toBe('"2"');

    const { body } = await registry.ask('GET', `/v1/connections/${ACCOUNT}`);
    expect(body).toMatchObject({
      accountNumber: ACCOUNT,
      version: 2,
      historyCount: 2,
      contacts: [{ contactNo: 1, mobileNumber: '98••••••99', source: 'je', language: 'hi' }],
    });
    const history = await registry.ask('GET', `/v1/connections/${ACCOUNT}/contacts/1/history`);
    expect(history.body.changes[0]).toMatchObject({
      what: 'mobile-number',
      changedBy: 'je-221',
      source: 'je',
      oldMobileNumber: '98••••••10',
      newMobileNumber: '98••••••99',
    });

    const [registered, changed] = await registry.heard(ACCOUNT, 2);
    expect([registered?.type, registered?.version]).toEqual(['ConnectionRegistered', 1]);
    expect(changed).toMatchObject({ type: 'ContactChanged', version: 2, nodeId: 'DT-1' });
    const sealed = changed?.contacts[0]?.sealedNumber ?? Buffer.alloc(0);
    expect(openMobileNumbers(keys.sealKeys, 'test', sealed)).toEqual(['9876543299']);
    const record = registry.records.find(({ headers }) => headers['ce_id'] === changed?.eventId);
    expect(record).toMatchObject({
      key: changed?.aggregateId,
      headers: { ce_type: 'ContactChanged', ce_source: expect.any(String), ce_subject: changed?.aggregateId },
    });
    const told = registry.lines.filter((line) => line.includes(String(changed?.aggregateId)));
    expect(told.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'info', message: 'contact changed', version: 2, source: 'je' },
    ]);
    expect(registry.lines.join('')).not.toContain('9876543299');
  });

  test.each([
    ['marks of direction', '\u202a+91 98765 43280\u202c'],
    ['a zero-width space', '98765\u200b43280'],
    ['brackets and a trunk zero', '+91 (0) (98765) 43280'],
    ['an international prefix', '0091 98765.43280'],
    ['digits of another script', '৯৮৭৬৫৪৩২৮০'],
    ['a word', 'Mob. 98765-43280'],
  ])('is read with %s', async (_name, written) => {
    expect(await change('4100000008', written)).toMatchObject({
      status: 200,
      body: { mobileNumber: '98••••••80', warnings: [] },
    });
  });

  test('is the first of two, with a warning that shows where the other stood', async () => {
    const { status, body, text } = await change('4100000009', 'Mob. 98765 43290 / +91 (0) 98765-43291');

    expect(status).toBe(200);
    expect(body).toMatchObject({
      mobileNumber: '98••••••90',
      warnings: [
        {
          field: '/body/mobileNumber',
          rule: 'second-number',
          detail: expect.stringContaining('xxx. ••••• ••••• /[ +•• (•) •••••-•••••]'),
        },
      ],
    });
    expect(text).not.toMatch(/43291|43290/);
  });

  test.each([
    ["'4100000001", 'the text mark of a spreadsheet'],
    ['४१०००००००१', 'Devanagari digits'],
    ['41000 00001', 'spaces'],
    ['\u202a4100000001\u202c', 'marks of direction'],
    ['4100000001.0', 'a decimal'],
  ])('is found by the account number %j, with %s', async (account) => {
    const { status, body } = await registry.ask('GET', `/v1/connections/${encodeURIComponent(account)}`);

    expect([status, body.accountNumber]).toEqual([200, ACCOUNT]);
  });

  test('does nothing when it is the same again', async () => {
    await change('4100000002', '9876543222');

    const again = await change('4100000002', '09876543222');

    expect(again).toMatchObject({ status: 200, body: { version: 2, isChanged: false } });
    expect(again.headers.get('etag')).toBe('"2"');
    const { body } = await registry.ask('GET', '/v1/connections/4100000002');
    expect(body).toMatchObject({ version: 2, historyCount: 2 });
  });

  test('is refused on an older version, and taken on the present one', async () => {
    const stale = await change('4100000003', '9876543233', {}, { 'if-match': '"7"' });
    const fresh = await change('4100000003', '9876543233', {}, { 'if-match': '"1"' });

    expect(stale).toMatchObject({ status: 409, body: { code: 'stale-version' } });
    expect(fresh).toMatchObject({ status: 200, body: { version: 2 } });
  });

  test('is changed by one after the other when two come at once', async () => {
    const numbers = ['9876543241', '9876543242', '9876543243', '9876543244'];

    const answers = await Promise.all(numbers.map((number) => change('4100000004', number)));

    expect(answers.map(({ body }) => body.version).sort()).toEqual([2, 3, 4, 5]);
    const events = await registry.heard('4100000004', 5);
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
  });

  test('makes the next contact, and no contact that leaves a gap', async () => {
    const put = (contactNo: number) =>
      registry.ask('PUT', numberPath('4100000005', contactNo), {
        json: { mobileNumber: '9876543255', source: 'self', changedBy: 'consumer', language: 'en' },
      });

    expect(await put(3)).toMatchObject({ status: 404, body: { code: 'contact-unknown' } });
    expect(await put(2)).toMatchObject({ status: 200, body: { contactNo: 2, version: 2 } });
    expect((await registry.heard('4100000005', 2))[1]?.contacts).toMatchObject([
      { contactNo: 1, language: 'hi' },
      { contactNo: 2, language: 'en', purposes: ['outage', 'billing', 'complaint'] },
    ]);
  });

  test.each([
    ['nine digits', { mobileNumber: '987654321' }, '/body/mobileNumber length'],
    ['letters', { mobileNumber: '98765abcde' }, '/body/mobileNumber not-digits'],
    ['a landline', { mobileNumber: '5222345678' }, '/body/mobileNumber range'],
    ['ten equal digits', { mobileNumber: '9999999999' }, '/body/mobileNumber all-same-digit'],
    ['nothing', { mobileNumber: '' }, '/body/mobileNumber empty'],
    ['a number for a text', { mobileNumber: 9_876_543_210 }, '/body/mobileNumber type'],
    ['a book', { mobileNumber: '9'.repeat(4_000) }, '/body/mobileNumber maximum'],
    ['two numbers of which the first is none', { mobileNumber: '98765/9876543210' }, '/body/mobileNumber length'],
    ['what a spreadsheet left', { mobileNumber: '9.87E+09' }, '/body/mobileNumber scientific-notation'],
    ['a number as the name of who changes it', { changedBy: '9876543210' }, '/body/changedBy format'],
    ['a spaced number as the name of who changes it', { changedBy: 'je-98765-43210' }, '/body/changedBy mobile-number'],
    ['an import as its source', { source: 'import' }, '/body/source choice'],
    ['an unknown field', { note: 'call me' }, '/body/note unknown-field'],
  ])('is refused when it is %s', async (_name, wrong, rule) => {
    const answer = await change('4100000006', '9876543266', wrong);

    expect(answer.status).toBe(400);
    expect(rules(answer.body)).toEqual([rule]);
    expect(answer.text).not.toMatch(/\d{7}/);
    expect((await registry.ask('GET', '/v1/connections/4100000006')).body.version).toBe(1);
  });

  test('of an account that nobody has is not found, as is what is none', async () => {
    expect(await change('4999999999', '9876543210')).toMatchObject({
      status: 404,
      body: { code: 'connection-unknown' },
    });
    expect(rules((await change('x', '9876543210')).body)).toEqual(['/params/accountNumber format']);
    expect(rules((await registry.ask('PUT', numberPath(ACCOUNT, 17), { json: {} })).body)).toContain(
      '/params/contactNo format',
    );
  });

  test('is to be given again when an import is saving its rows', async () => {
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const { promise: hasBegun, resolve: begin } = Promise.withResolvers<void>();
    const importing = withTransaction(registry.db, async (tx) => {
      await lockConnections(tx);
      begin();
      await mayEnd;
    });
    await hasBegun;

    const answer = await change('4100000006', '9876543266');
    end();
    await importing;

    expect(answer).toMatchObject({ status: 503, body: { code: 'import-running' } });
    expect(answer.headers.get('retry-after')).toBe('10');
  });

  test('is neither saved nor said when the process dies before the commit', async () => {
    armFailpoints('number-change.before-commit=throw@1', { warn: () => undefined });
    expect((await change('4100000007', '9876543277')).status).toBe(500);

    const again = await change('4100000007', '9876543278');

    expect(again.body.version).toBe(2);
    const events = await registry.heard('4100000007', 2);
    expect(events.map(({ version }) => version)).toEqual([1, 2]);
  });
});

describe('an import', () => {
  test('answers with its counts, is found again, and lists what was refused', async () => {
    const csv = connectionFile(
      { account_number: '4200000001', mobile: '9.87E+09', node_code: '' },
      { account_number: '4200000002', category: '=HYPERLINK("x")' },
    );

    const { status, body } = await registry.ask('POST', '/v1/connection-imports', { csv });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      rows: 2,
      registered: 1,
      changed: 0,
      unchanged: 0,
      refused: 1,
      warnings: 1,
      unmapped: 1,
      firstRefused: [{ line: 3, field: 'category', rule: 'choice', value: '=xxxxxxxxx("x")' }],
    });
    expect((await registry.ask('GET', `/v1/connection-imports/${body.importId}`)).body).toEqual(body);
    const rows = await registry.ask('GET', `/v1/connection-imports/${body.importId}/refused-rows`);
    expect(rows.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(rows.text.split('\n')).toEqual([
      'line,severity,field,rule,value,reason',
      '2,warning,mobile,scientific-notation,•.••x+••,lost its last digits in a spreadsheet; format the column as text',
      `3,refused,category,choice,"'=xxxxxxxxx(""x"")","is not one of domestic, commercial, industrial, agriculture, hospital, waterworks, life-support"`,
      '',
    ]);
    const unmapped = await registry.ask('GET', '/v1/unmapped-connections');
    expect(unmapped.body.connections).toMatchObject([{ accountNumber: '4200000001' }]);
    const [event] = await registry.heard('4200000001', 1);
    expect(event).toMatchObject({ nodeId: '', contacts: [{ numberState: 'malformed' }] });
  });

  test.each([
    ['a quote that nobody closes', '4200000009,"domestic\n', '/body/2/category unclosed-quote'],
    ['octets that are no UTF-8', Buffer.from('\xff\xfe\xfd,\n', 'latin1'), '/body/2 utf-8'],
    ['a row of a million columns', `${'x,'.repeat(1_000_000)}\n`, '/body/2 line-too-long'],
  ])('is refused as a whole for %s', async (_name, end, rule) => {
    const header = connectionFile();
    const { status, body } = await registry.ask('POST', '/v1/connection-imports', {
      csv: Buffer.concat([Buffer.from(header), Buffer.from(end as string)]),
    });

    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid-file', errors: [{ line: 2 }] });
    expect(rules(body)).toEqual([rule]);
  });

  test.each(['/v1/network-imports', '/v1/connection-imports'])('refuses UTF-16 at %s', async (path) => {
    const csv = Buffer.from(`\ufeff${path.includes('network') ? smallNetwork : connectionFile({})}`, 'utf16le');

    const { status, body } = await registry.ask('POST', path, { csv });

    expect(status).toBe(400);
    expect(rules(body)).toEqual(['/body/1 utf-16']);
  });

  test('takes nothing of a dry run, and knows its nodes for another one only', async () => {
    const network = networkFile({ code: 'Z-7' });
    const tried = await registry.ask('POST', '/v1/network-imports?dryRun=true', { csv: network });
    const csv = connectionFile({ account_number: '4400000001', node_code: 'Z-7' });
    const after = `/v1/connection-imports?dryRun=true&networkImportId=${tried.body.importId}`;

    const { body } = await registry.ask('POST', after, { csv });

    expect(body).toMatchObject({ isDryRun: true, registered: 1, refused: 0 });
    expect((await registry.ask('GET', `/v1/connection-imports/${body.importId}`)).body).toEqual(body);
    expect((await registry.ask('GET', '/v1/network-nodes/Z-7')).status).toBe(404);
    expect((await registry.ask('GET', '/v1/connections/4400000001')).status).toBe(404);
    const forGood = await registry.ask('POST', `/v1/connection-imports?networkImportId=${tried.body.importId}`, {
      csv,
    });
    expect(forGood.body).toMatchObject({ isDryRun: false, registered: 0, refused: 1 });
    expect((await registry.ask('POST', '/v1/network-imports?dryRun=yes', { csv: network })).status).toBe(400);
  });

  test('refuses a header that is none, without repeating it', async () => {
    const { body, text } = await registry.ask('POST', '/v1/connection-imports', { csv: `${CANARY},domestic\n` });

    expect(rules(body)?.slice(0, 2)).toEqual(['/body/1/column 1 unknown-column', '/body/1/column 2 unknown-column']);
    expect(text).not.toContain(CANARY);
  });

  test('refuses JSON, and what is compressed', async () => {
    const json = await registry.ask('POST', '/v1/network-imports', { json: {} });
    const zipped = await registry.ask('POST', '/v1/network-imports', {
      csv: smallNetwork,
      headers: { 'content-encoding': 'gzip' },
    });

    expect([json.status, zipped.status]).toEqual([415, 415]);
  });

  test('leaves nothing when the sender goes away half way', async () => {
    const before = await registry.ask('GET', '/v1/unmapped-connections?limit=200');
    const answered = () => registry.lines.filter((line) => line.includes('/v1/connection-imports')).length;
    const answeredBefore = answered();
    const socket = await stalledUpload(connectionFile({ account_number: '4300000001', node_code: '' }));
    socket.destroy();
    await until(() => answered() > answeredBefore, { describe: 'the registry to give up' });

    expect(registry.lines.filter((line) => line.includes('"level":"error"') && line.includes('imports'))).toEqual([]);
    expect((await registry.ask('GET', '/v1/unmapped-connections?limit=200')).body).toEqual(before.body);
    expect((await registry.ask('POST', '/v1/network-imports', { csv: smallNetwork })).body).toMatchObject({
      unchanged: 9,
    });
  });

  test('waits for no upload that has stalled', async () => {
    const socket = await stalledUpload(connectionFile());
    const csv = connectionFile({ account_number: '4300000002' });

    const { status, body } = await registry.ask('POST', '/v1/connection-imports', { csv });

    expect([status, body]).toEqual([200, expect.objectContaining({ registered: 1 })]);
    socket.destroy();
  });

  test('of two at once is saved once, the other is told to come later', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => ({ account_number: String(4_310_000_000 + index) }));
    const csv = connectionFile(...rows);

    const answers = await Promise.all([1, 2].map(() => registry.ask('POST', '/v1/connection-imports', { csv })));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('import-running');
  });

  test('lists every fault of a district in words that nobody translated', async () => {
    const wrong = { category: 'घरेलू', state: 'चालू', language: 'हिंदी' };
    const rows = Array.from({ length: 12_000 }, (_, at) => ({ account_number: String(4_320_000_000 + at), ...wrong }));
    const { body } = await registry.ask('POST', '/v1/connection-imports', { csv: connectionFile(...rows) });

    const { status, text } = await registry.ask('GET', `/v1/connection-imports/${body.importId}/refused-rows`);

    const lines = text.trimEnd().split('\n');
    expect([status, lines.length]).toEqual([200, 1 + 3 * rows.length]);
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.slice(-3).map((line) => line.split(',').slice(0, 5).join())).toEqual([
      '12001,refused,category,choice,xxxxx',
      '12001,refused,language,choice,xxxxx',
      '12001,refused,state,choice,xxxx',
    ]);
  });

  test('moves a node, which is then found as it was and as it is', async () => {
    const before = new Date().toISOString();
    const csv = networkFile({ code: 'DT-2', kind: 'distribution-transformer', parent_code: 'F-1' });
    expect((await registry.ask('POST', '/v1/network-imports', { csv })).body).toMatchObject({ changed: 1, moved: 1 });

    const now = await registry.ask('GET', '/v1/network-nodes/DT-2');
    const then = await registry.ask('GET', `/v1/network-nodes/DT-2?asOf=${before}`);

    expect([then.body.parentCode, now.body.parentCode]).toEqual(['F-2', 'F-1']);
    expect(now.headers.get('etag')).toBe('"2"');
    expect((await registry.ask('GET', '/v1/network-nodes/DT-404')).body.code).toBe('node-unknown');
  });

  test('is asked for by an id that it has', async () => {
    const id = '01945b12-7c00-7abc-8def-0123456789ab';

    for (const path of [`network-imports/${id}`, `connection-imports/${id}`, `connection-imports/${id}/refused-rows`]) {
      expect((await registry.ask('GET', `/v1/${path}`)).body).toMatchObject({ code: 'import-unknown' });
    }
    expect((await registry.ask('GET', '/v1/network-imports/x')).status).toBe(400);
  });
});

/** An upload of which the registry has the beginning, and nothing more comes. */
async function stalledUpload(beginning: string): Promise<Socket> {
  const socket = connect(registry.port(), '127.0.0.1');
  const headers = ['host: x', 'content-type: text/csv', 'content-length: 99999', 'expect: 100-continue'];
  socket.write(['POST /v1/connection-imports HTTP/1.1', ...headers, '', beginning].join('\r\n'));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP.1.1 100 Continue/);
  return socket;
}

describe('lists', () => {
  test('come page by page', async () => {
    const first = await registry.ask('GET', '/v1/network-nodes?kind=feeder&limit=1');
    const second = await registry.ask('GET', `/v1/network-nodes?kind=feeder&limit=1&cursor=${first.body.nextCursor}`);

    expect([first, second].map(({ body }) => body.nodes[0]?.code)).toEqual(['F-1', 'F-2']);
    const children = await registry.ask('GET', '/v1/network-nodes?parent=SS-1');
    expect(children.body.nodes.map(({ code }) => code)).toEqual(['F-1', 'F-2']);
  });

  test.each([
    ['/v1/network-nodes?cursor=x', '/query/cursor format'],
    ['/v1/network-nodes?limit=1000000000', '/query/limit maximum'],
    ['/v1/network-nodes?kind=pole', '/query/kind choice'],
    ['/v1/unmapped-connections?cursor=W10', '/query/cursor format'],
    ['/v1/unmapped-connections?page=2', '/query/page unknown-field'],
  ])('refuse %s', async (path, rule) => {
    expect(rules((await registry.ask('GET', path)).body)).toEqual([rule]);
  });
});

describe('the service', () => {
  test('is ready, describes itself and counts what it publishes', async () => {
    expect((await registry.ask('GET', '/readyz')).body).toMatchObject({ ok: true });
    const { body } = await registry.ask('GET', '/openapi.json');
    expect(Object.keys(body.paths)).toHaveLength(12);
    await until(
      async () => /bijli_outbox_published_total\{[^}]*\} [1-9]/.test((await registry.ask('GET', '/metrics')).text),
      {
        describe: 'the relay to count',
      },
    );
  });
});
