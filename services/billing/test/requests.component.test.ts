import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ANSWER_DAYS } from '@bijli/idempotency';
import { query } from '@bijli/postgres';
import { randomName, until } from '@bijli/testing';
import { openDatabaseGate } from './database-gate.ts';
import { connect, expectSound, freshNumber, ledgerOf, waitingOf } from './ledger-in-database.ts';
import { dayIn } from './neighbours.ts';
import { type RunningBilling, rulesOf, startBilling } from './running-billing.ts';

// Kafka is away all the time: requests are answered and accepted, and events wait in the outbox.
let billing: RunningBilling;
beforeAll(async () => {
  billing = await startBilling({ isKafkaAway: true });
});
afterAll(async () => {
  await expectSound(billing.db);
  await billing.stop();
});

const dates = { issuedOn: dayIn(-1), dueOn: dayIn(14) };

/** An account that the service knows, and the requests about it. */
async function knownAccount() {
  const accountNumber = freshNumber();
  const id = await connect(billing.db, accountNumber);
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    billing.ask('POST', path, { accountNumber, ...body }, headers);
  return {
    id,
    accountNumber,
    bill: (reference: string, amountPaise: number, more: object = {}, headers = {}) =>
      post('/v1/bills', { reference, amountPaise, ...dates, ...more }, headers),
    pay: (reference: string, amountPaise: number, headers = {}) =>
      post('/v1/payments', { reference, amountPaise }, headers),
    reverse: (reference: string, headers = {}) =>
      post(`/v1/payments/${encodeURIComponent(reference)}/reversal`, {}, headers),
    cancel: (reference: string) => post(`/v1/bills/${encodeURIComponent(reference)}/cancellation`, {}),
    get: (path = '') => billing.ask('GET', `/v1/accounts/${accountNumber}${path}`),
    ledger: () => ledgerOf(billing.db, id),
  };
}

describe('one posting by request', () => {
  test('is entered, answered with its entry, told and logged', async () => {
    const { id, accountNumber, bill, pay, reverse, cancel, get } = await knownAccount();
    const billed = await bill('UP/2026-01/0001', 145_050);

    expect(billed).toMatchObject({
      status: 201,
      body: {
        accountNumber,
        version: 1,
        type: 'BillGenerated',
        reference: 'UP/2026-01/0001',
        amountPaise: 145_050,
        outstandingPaise: 145_050,
        paymentKind: null,
        ...dates,
        traceId: null,
      },
    });
    expect((await pay('T.1', 145_050)).body).toMatchObject({ outstandingPaise: 0, paymentKind: 'full' });
    expect((await reverse('T.1')).body).toMatchObject({ type: 'PaymentReversed', amountPaise: 145_050 });
    expect(await cancel('UP/2026-01/0001')).toMatchObject({ status: 201, body: { version: 4, ...dates } });
    expect((await get()).body).toMatchObject({ version: 4, outstandingPaise: 0 });
    expect(
      await query(billing.db, 'select type from outbox_event where key = :id order by outbox_id, position', { id }),
    ).toEqual(['BillGenerated', 'PaymentReceived', 'PaymentReversed', 'BillCancelled'].map((type) => ({ type })));
    expect(billing.lines.filter((line) => line.includes(`"connectionId":"${id}"`))).toHaveLength(4);
    expect(billing.lines.join('')).not.toContain(accountNumber);
  });

  test('is entered on an account whose number people and spreadsheets wrote', async () => {
    const { accountNumber, get } = await knownAccount();
    const devanagari = accountNumber.replace(/\d/g, (digit) => String.fromCodePoint(0x966 + Number(digit)));
    const bill = { reference: 'B-1', amountPaise: 1_000, ...dates };

    const billed = await billing.ask('POST', '/v1/bills', { accountNumber: `'${accountNumber}.0`, ...bill });
    const again = await billing.ask('POST', '/v1/bills', { accountNumber: devanagari, ...bill });

    expect([billed.status, again.status]).toEqual([201, 200]);
    expect((await get()).body).toMatchObject({ accountNumber, outstandingPaise: 1_000 });
    const read = await billing.ask('GET', `/v1/accounts/${encodeURIComponent(`\u202a${accountNumber} `)}`);
    expect(read.body).toMatchObject({ accountNumber });
  });

  test('again is answered with the entry there is, and does nothing', async () => {
    const { bill, pay, ledger } = await knownAccount();
    const first = await bill('B-1', 100);
    await pay('T-1', 30);

    expect(first.body['isChanged']).toBe(true);
    expect(await bill('B-1', 100)).toMatchObject({ status: 200, body: { ...first.body, isChanged: false } });
    expect((await ledger()).entries).toHaveLength(2);
  });

  test('of a cheque that bounced and a bill that was cancelled is entered again under its number', async () => {
    const { bill, pay, reverse, cancel, ledger } = await knownAccount();
    for (const _time of [1, 2, 3]) {
      expect(await pay('CHQ-7', 5_000)).toMatchObject({ status: 201, body: { isChanged: true } });
      expect(await pay('CHQ-7', 5_000)).toMatchObject({ status: 200, body: { isChanged: false } });
      expect((await reverse('CHQ-7')).status).toBe(201);
      expect(await reverse('CHQ-7')).toMatchObject({ status: 409, body: { code: 'already-reversed' } });
    }
    await bill('B-1', 100);
    await cancel('B-1');
    expect(await bill('B-1', 100, { dueOn: dayIn(20) })).toMatchObject({ status: 201, body: { dueOn: dayIn(20) } });
    expect(await bill('B-1', 101)).toMatchObject({ status: 409, body: { code: 'reference-reused' } });

    expect(await ledger()).toMatchObject({ outstanding: 100 });
    expect((await ledger()).entries).toHaveLength(9);
  });

  test('that says its time is a repeat where it was entered at that time, and is never kept', async () => {
    const { accountNumber, pay, reverse, ledger } = await knownAccount();
    const at = (minutes: number) => ({ occurredAt: new Date(Date.now() - minutes * 60_000).toISOString() });
    const paid = at(30);
    const again = at(10);
    const post = (path: string, body: object) => billing.ask('POST', path, { accountNumber, ...body });
    const payAt = (when: object) => post('/v1/payments', { reference: 'T-1', amountPaise: 100, ...when });
    await payAt(paid);
    expect(await payAt(again)).toMatchObject({ status: 200, body: { isChanged: false } });
    await reverse('T-1');
    expect(await payAt(paid)).toMatchObject({ status: 200, body: { isChanged: false } });
    expect(await post('/v1/payments/T-1/reversal', at(5))).toMatchObject({
      status: 409,
      body: { code: 'already-reversed' },
    });
    expect((await ledger()).entries).toHaveLength(2);
    expect((await payAt(again)).status).toBe(201);
    expect((await pay('T-1', 100)).status).toBe(200);
    expect(await waitingOf(billing.db, accountNumber)).toEqual([]);
  });

  test('may be a bill of nothing', async () => {
    const { bill, cancel, get } = await knownAccount();
    expect(await bill('B-0', 0)).toMatchObject({ status: 201, body: { amountPaise: 0, outstandingPaise: 0 } });
    expect((await cancel('B-0')).status).toBe(201);
    expect((await get()).body).toMatchObject({ version: 2, outstandingPaise: 0 });
  });

  test('that contradicts the ledger is refused with field and rule', async () => {
    const { bill, pay, reverse, cancel, ledger } = await knownAccount();
    await bill('B-1', 100);
    await pay('T-1', 30);
    const cases = [
      [await bill('B-1', 101), 409, '/body/reference reference-reused'],
      [await bill('B-1', 100, { dueOn: dayIn(15) }), 409, '/body/reference reference-reused'],
      [await pay('T-1', 31), 409, '/body/reference reference-reused'],
      [await reverse('B-1'), 404, '/params/reference unknown-payment'],
      [await cancel('T-1'), 404, '/params/reference unknown-bill'],
    ] as const;
    await reverse('T-1');
    await cancel('B-1');
    const late = [
      [await reverse('T-1'), 409, '/params/reference already-reversed'],
      [await cancel('B-1'), 409, '/params/reference already-cancelled'],
    ] as const;

    for (const [answer, status, rule] of [...cases, ...late]) {
      expect([answer.status, ...rulesOf(answer)]).toEqual([status, rule]);
      expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    }
    expect(await ledger()).toMatchObject({ outstanding: 0 });
    expect((await ledger()).entries).toHaveLength(4);
  });

  test('on an unknown account is refused without its number, and does not wait', async () => {
    const accountNumber = freshNumber();
    const answer = await billing.ask('POST', '/v1/payments', { accountNumber, reference: 'T-1', amountPaise: 1 });

    expect([answer.status, ...rulesOf(answer)]).toEqual([404, '/body/accountNumber unknown-account']);
    expect(answer.text).not.toContain(accountNumber);
    expect((await billing.ask('GET', `/v1/accounts/${accountNumber}`)).text).not.toContain(accountNumber);
    expect(await waitingOf(billing.db, accountNumber)).toEqual([]);
  });

  test('enters what waited for it', async () => {
    const { accountNumber, pay, ledger } = await knownAccount();
    const early = { events: [{ type: 'PaymentReversed', accountNumber, reference: 'T-1' }] };
    expect((await billing.ask('POST', '/v1/account-events', early)).body).toMatchObject({
      events: [{ outcome: 'waiting', waitsFor: 'unknown-payment' }],
    });
    await pay('T-1', 30);

    expect((await ledger()).entries).toEqual(['PaymentReceived T-1 30 = -30', 'PaymentReversed T-1 30 = 0']);
  });
});

describe('an Idempotency-Key', () => {
  test('repeats the first answer, also when both come at once, where the same request by itself would not', async () => {
    const { pay, reverse, ledger } = await knownAccount();
    const key = { 'idempotency-key': randomName('key') };
    const atOnce = await Promise.all([pay('T-1', 100, key), pay('T-1', 100, key)]);
    const answers = [...atOnce, await pay('T-1', 100, key)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.map(({ headers }) => headers.get('idempotent-replayed')).sort()).toEqual([null, 'true', 'true']);

    const back = { 'idempotency-key': randomName('key') };
    expect([(await reverse('T-1', back)).status, (await reverse('T-1', back)).status]).toEqual([201, 201]);
    expect((await ledger()).entries).toHaveLength(2);
  });

  test('with another request is refused, and nothing is entered', async () => {
    const { pay, ledger } = await knownAccount();
    const key = { 'idempotency-key': randomName('key') };
    await pay('T-1', 100, key);

    expect(await pay('T-1', 101, key)).toMatchObject({ status: 422, body: { code: 'key-reused' } });
    expect((await ledger()).entries).toHaveLength(1);
  });

  test('does not keep a refusal: what was missing may come', async () => {
    const { pay, reverse } = await knownAccount();
    const key = { 'idempotency-key': randomName('key') };
    expect((await reverse('T-1', key)).status).toBe(404);
    await pay('T-1', 100);

    expect((await reverse('T-1', key)).status).toBe(201);
  });

  test('counts for one operation: at another it is another key', async () => {
    const { bill, pay, ledger } = await knownAccount();
    const key = { 'idempotency-key': randomName('key') };

    expect([(await pay('T-1', 100, key)).status, (await bill('B-1', 100, {}, key)).status]).toEqual([201, 201]);
    expect((await ledger()).entries).toHaveLength(2);
  });

  test('is described with how long its answer is kept, and one that is too long is refused with the limit', async () => {
    const { pay } = await knownAccount();
    const { text } = await billing.ask('GET', '/openapi.json');
    expect(text).toContain(`Answers are kept for ${ANSWER_DAYS} days at least`);

    const longest = 'x'.repeat(255);
    expect((await pay('T-1', 100, { 'idempotency-key': longest })).status).toBe(201);
    expect(await pay('T-2', 100, { 'idempotency-key': `${longest}x` })).toMatchObject({
      status: 400,
      body: { errors: [{ rule: 'format', detail: 'Use 1 to 255 visible ASCII characters' }] },
    });
  });
});

describe('racing requests', () => {
  test('on one account have versions without gaps and the right sum', async () => {
    const { pay, get, ledger } = await knownAccount();
    const answers = await Promise.all(Array.from({ length: 20 }, (_none, index) => pay(`T-${index}`, 100 + index)));

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const versions = answers.map(({ body }) => Number(body['version'])).sort((one, other) => one - other);
    expect(versions).toEqual(Array.from({ length: 20 }, (_none, index) => index + 1));
    expect((await get()).body).toMatchObject({ version: 20, outstandingPaise: -2_190 });
    expect((await ledger()).entries).toHaveLength(20);
  });

  test('with one reference enter it once', async () => {
    const { pay, reverse, ledger } = await knownAccount();
    const paid = await Promise.all(Array.from({ length: 8 }, () => pay('T-1', 100)));
    expect(paid.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 7 }, () => 200), 201]);
    const reversed = await Promise.all(Array.from({ length: 8 }, () => reverse('T-1')));

    expect(reversed.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    expect((await ledger()).entries).toHaveLength(2);
  });
});

describe('a batch', () => {
  const send = (events: object[], path = '', headers: Record<string, string> = {}) =>
    billing.ask('POST', `/v1/account-events${path}`, { events }, headers);
  const bill = { type: 'BillGenerated', reference: 'B-1', amountPaise: 500, ...dates };
  const payment = { type: 'PaymentReceived', reference: 'T-1', amountPaise: 200 };

  test('says of each event what became of it', async () => {
    const { accountNumber, ledger } = await knownAccount();
    const unknown = freshNumber();
    const answer = await send([
      { ...bill, accountNumber },
      { ...payment, accountNumber },
      { ...payment, accountNumber },
      { ...bill, accountNumber: unknown },
      { type: 'PaymentReversed', reference: 'T-9', accountNumber },
    ]);

    expect([answer.status, answer.body]).toEqual([
      200,
      {
        isDryRun: false,
        isChanged: true,
        counts: { taken: 2, repeated: 1, waiting: 2 },
        events: [
          { outcome: 'taken', version: 1, outstandingPaise: 500 },
          { outcome: 'taken', version: 2, outstandingPaise: 300 },
          { outcome: 'repeated' },
          { outcome: 'waiting', waitsFor: 'unknown-account' },
          { outcome: 'waiting', waitsFor: 'unknown-payment' },
        ],
      },
    ]);
    expect((await ledger()).outstanding).toBe(300);
    await connect(billing.db, unknown);
    expect((await billing.ask('GET', `/v1/accounts/${unknown}`)).body).toMatchObject({ outstandingPaise: 500 });
  });

  test('enters what was taken back again in the order in which it stands there', async () => {
    const { accountNumber, ledger } = await knownAccount();
    const reversal = { type: 'PaymentReversed', reference: 'T-1', accountNumber };
    const paid = { ...payment, accountNumber };
    const answer = await send([paid, reversal, paid, paid, reversal, paid]);

    expect(answer.body).toMatchObject({ isChanged: true, counts: { taken: 5, repeated: 1, waiting: 0 } });
    expect(await ledger()).toMatchObject({ outstanding: -200 });
    expect((await send([paid])).body).toMatchObject({ isChanged: false, counts: { repeated: 1 } });
  });

  test('with anything refused enters nothing and names every place', async () => {
    const { accountNumber, ledger } = await knownAccount();
    const answer = await send([
      { ...bill, accountNumber },
      { ...bill, accountNumber, reference: 'B-2', dueOn: dayIn(-9) },
      { ...payment, accountNumber: freshNumber() },
      { ...bill, accountNumber, amountPaise: 501 },
      { ...bill, accountNumber, reference: 'B-3', issuedOn: dayIn(3) },
    ]);

    expect([answer.status, answer.body['code'], ...rulesOf(answer)]).toEqual([
      422,
      'events-refused',
      '/body/events/1/dueOn before-issue',
      '/body/events/3/reference reference-reused',
      '/body/events/4/issuedOn issued-in-the-future',
    ]);
    expect((await ledger()).entries).toEqual([]);
  });

  test('as a dry run says what would happen and writes nothing, whatever its key', async () => {
    const { accountNumber, ledger } = await knownAccount();
    const key = { 'idempotency-key': randomName('key') };
    const events = [{ ...bill, accountNumber }];
    const dry = await send(events, '?dryRun=true', key);
    expect(dry.body).toMatchObject({ isDryRun: true, events: [{ outcome: 'taken', outstandingPaise: 500 }] });
    expect((await ledger()).entries).toEqual([]);

    const first = await send(events, '', key);
    expect(first.body).toMatchObject({ isDryRun: false, counts: { taken: 1 } });
    expect((await send(events, '', key)).text).toBe(first.text);
    expect((await send(events, '?dryRun=true', key)).body).toMatchObject({ events: [{ outcome: 'repeated' }] });
  });

  test('is as large as a body may be', async () => {
    const { accountNumber, ledger } = await knownAccount();
    const events = Array.from({ length: 1_000 }, (_none, index) => ({
      ...payment,
      accountNumber,
      reference: `T${index}`,
    }));

    expect(await send(events)).toMatchObject({ status: 200, body: { counts: { taken: 1_000 } } });
    expect((await ledger()).outstanding).toBe(-200_000);
  });
});

describe('reading', () => {
  test('gives the entries of an account in pages, the latest first', async () => {
    const { bill, pay, get } = await knownAccount();
    await bill('B-1', 1_000);
    for (let index = 0; index < 6; index += 1) await pay(`T-${index}`, 100);
    const pages = [await get('/entries?limit=3')];
    for (let cursor = pages[0]?.body['nextCursor']; typeof cursor === 'string'; ) {
      const page = await get(`/entries?limit=3&cursor=${cursor}`);
      pages.push(page);
      cursor = page.body['nextCursor'];
    }
    const versions = pages.map(({ body }) => (body['items'] as { version: number }[]).map(({ version }) => version));

    expect(versions).toEqual([[7, 6, 5], [4, 3, 2], [1]]);
    expect((await get()).body['latestEntries']).toHaveLength(7);
  });

  test('finds a bill or payment by its number, on whosever account', async () => {
    const accounts = [await knownAccount(), await knownAccount(), await knownAccount()];
    const reference = `SHARED-${accounts[0]?.accountNumber}`;
    for (const { bill } of accounts) await bill(reference, 5);
    await accounts[1]?.pay(reference, 5);
    const ask = (more: string) => billing.ask('GET', `/v1/entries?reference=${reference}&limit=3${more}`);
    const first = await ask('');
    const second = await ask(`&cursor=${String(first.body['nextCursor'])}`);
    const found = [first, second].map(({ body }) =>
      (body['items'] as { accountNumber: string; type: string }[]).map((item) => `${item.accountNumber} ${item.type}`),
    );

    expect(found.map((page) => page.length)).toEqual([3, 1]);
    expect(found.flat().sort()).toEqual(
      [
        ...accounts.map(({ accountNumber }) => `${accountNumber} BillGenerated`),
        `${accounts[1]?.accountNumber} PaymentReceived`,
      ].sort(),
    );
    expect((await billing.ask('GET', '/v1/entries?reference=NOBODYS')).body).toEqual({ items: [], nextCursor: null });
  });

  test('lists what waits in pages, by reason', async () => {
    const accountNumber = freshNumber();
    const references = ['W-1', 'W-2', 'W-3'];
    const events = references.map((reference) => ({
      type: 'PaymentReceived',
      accountNumber,
      reference,
      amountPaise: 1,
    }));
    await billing.ask('POST', '/v1/account-events', { events });
    const items: { accountNumber: string; reference: string; reason: string }[] = [];
    let cursor = '';
    do {
      const { body } = await billing.ask('GET', `/v1/waiting-events?reason=unknown-account&limit=2${cursor}`);
      items.push(...(body['items'] as typeof items));
      cursor = body['nextCursor'] === null ? '' : `&cursor=${String(body['nextCursor'])}`;
    } while (cursor !== '');

    expect(items.filter((item) => item.accountNumber === accountNumber).map(({ reference }) => reference)).toEqual(
      references,
    );
    expect(new Set(items.map(({ reason }) => reason))).toEqual(new Set(['unknown-account']));
    const others = await billing.ask('GET', '/v1/waiting-events?reason=reference-reused');
    expect(others.body['items']).toEqual([]);
  });
});

describe('when a server is away', () => {
  test('Kafka: requests are answered, events wait, and the process says that it is not ready', async () => {
    const { id, pay, get } = await knownAccount();

    expect((await pay('T-1', 1)).status).toBe(201);
    expect((await get()).status).toBe(200);
    expect(await billing.ask('GET', '/readyz')).toMatchObject({
      status: 503,
      body: { parts: { database: { ok: true }, subscriptions: { ok: false } } },
    });
    expect(
      await query(billing.db, 'select from outbox_event where key = :id and published_at is null', { id }),
    ).toHaveLength(1);
  });

  test('PostgreSQL: requests are answered 503 and when to ask again, and later as before', async () => {
    let gate: Awaited<ReturnType<typeof openDatabaseGate>> | undefined;
    const databaseUrl = async (url: string) => {
      gate = await openDatabaseGate(url);
      return gate.url;
    };
    const gated = await startBilling({ isKafkaAway: true, databaseUrl });
    const accountNumber = freshNumber();
    await connect(gated.db, accountNumber);
    const pay = () => gated.ask('POST', '/v1/payments', { accountNumber, reference: 'T-1', amountPaise: 1 });
    await gate?.shut();

    for (const answer of [await pay(), await gated.ask('GET', `/v1/accounts/${accountNumber}`)])
      expect([answer.status, answer.headers.get('retry-after'), answer.body['code']]).toEqual([
        503,
        '5',
        'unavailable',
      ]);
    expect((await gated.ask('GET', '/readyz')).body).toMatchObject({ parts: { database: { ok: false } } });
    await gate?.open();
    await until(async () => (await pay()).status === 201, { describe: 'the payment to be taken' });
    await expectSound(gated.db);
    await gated.stop();
    await gate?.shut();
  });
});
