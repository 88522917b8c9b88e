import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BillingSystemEvent, encodeEvent } from '@bijli/events';
import { query } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { expectSound, freshNumber, ledgerOf, waitingOf } from './ledger-in-database.ts';
import { billingSystemOf, connectionEvent, dayIn, makeTopics, startNeighbours, startReader } from './neighbours.ts';
import { type RunningBilling, startBilling } from './running-billing.ts';

let billing: RunningBilling;
let neighbours: Awaited<ReturnType<typeof startNeighbours>>;
let reader: Awaited<ReturnType<typeof startReader>>;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  await makeTopics();
  [billing, neighbours, reader] = await Promise.all([startBilling(), startNeighbours(), startReader()]);
});
afterAll(async () => {
  await expectSound(billing.db);
  await Promise.all([billing?.stop(), neighbours?.stop(), reader?.stop()]);
  context.disable();
});

/** Outcomes of events of the billing system, by their ids, in order. */
function outcomesOf(...events: BillingSystemEvent[]) {
  const ids = new Set(events.map(({ eventId }) => eventId));
  return billing.outcomes.filter(({ eventId = '' }) => ids.has(eventId));
}
/** Says events and waits until each is settled. */
async function hear(...events: BillingSystemEvent[]) {
  const before = outcomesOf(...events).length;
  await neighbours.events(...events);
  await until(() => outcomesOf(...events).length - before >= events.length, {
    describe: () => `${events.length} outcomes, so far ${outcomesOf(...events).length - before}`,
  });
}
/** An account that the service knows. */
async function knownAccount(number = freshNumber()) {
  const event = connectionEvent(number);
  await neighbours.connections(event);
  await isKnown(event.aggregateId, 1);
  return { id: event.aggregateId, number, ...billingSystemOf(number) };
}
const isKnown = (id: string, count: number) =>
  until(() => billing.outcomes.filter(({ key }) => key === id).length >= count, {
    describe: 'the connection to be known',
  });
async function deadLetter(eventId: string) {
  const rows = await query<{ reason: string; detail: string }>(
    billing.db,
    'select reason, detail from dead_letter where event_id = :eventId',
    { eventId },
  );
  return rows.map(({ reason, detail }) => `${reason}: ${detail}`);
}

describe('what the billing system tells', () => {
  test('becomes entries, what is outstanding, and events', async () => {
    const { id, number, bill, payment, reversal, cancellation } = await knownAccount();
    const received = [bill('B-1', 145_050), payment('T-1', 100_000), reversal('T-1'), payment('T-2', 145_050)];
    for (const event of received) await hear(event);
    await hear(cancellation('B-1'));

    const said = (await reader.heard(id, 5)).map(({ event }) => event);
    expect(said.map((event) => [event.version, event.type, event.outstandingPaise, event.paymentKind])).toEqual([
      [1, 'BillGenerated', 145_050, null],
      [2, 'PaymentReceived', 45_050, 'part'],
      [3, 'PaymentReversed', 145_050, null],
      [4, 'PaymentReceived', 0, 'full'],
      [5, 'BillCancelled', -145_050, null],
    ]);
    expect(said[0]).toMatchObject({
      aggregateId: id,
      accountNumber: number,
      reference: 'B-1',
      amountPaise: 145_050,
      issuedOn: dayIn(-1),
      dueOn: dayIn(14),
      occurredAt: received[0]?.occurredAt,
    });
    expect(await billing.ask('GET', `/v1/accounts/${number}`)).toMatchObject({
      status: 200,
      body: { connectionId: id, accountNumber: number, version: 5, outstandingPaise: -145_050 },
    });
  });

  test('twice does nothing, as the same event or as another', async () => {
    const { id, bill } = await knownAccount();
    const event = bill('B-1', 100);
    const again = { ...event, eventId: newId() };
    await hear(event);
    await hear(event);
    await hear(again);

    expect(outcomesOf(event, again).map(({ outcome }) => outcome)).toEqual(['applied', 'repeated', 'unchanged']);
    expect(await ledgerOf(billing.db, id)).toEqual({ entries: ['BillGenerated B-1 100 = 100'], outstanding: 100 });
    expect((await billing.ask('GET', '/metrics')).text).toMatch(
      /^bijli_subscription_unchanged_total{.*subscription="account-feed".*} [1-9]/m,
    );
    expect((await billing.ask('GET', '/v1/unchanged-events?reference=B-1&limit=1')).body).toMatchObject({
      items: [{ eventId: again.eventId, accountNumber: again.accountNumber, type: 'BillGenerated', reference: 'B-1' }],
    });
  });

  test('again after it was taken back is entered again: a cheque, and a bill with a new last day to pay', async () => {
    const { id, bill, payment, reversal, cancellation } = await knownAccount();
    const minutes = (ago: number) => new Date(Date.now() - ago * 60_000);
    const story = [
      { ...payment('CHQ-7', 500), occurredAt: minutes(50) },
      { ...reversal('CHQ-7'), occurredAt: minutes(40) },
      { ...payment('CHQ-7', 500), occurredAt: minutes(30) },
      { ...bill('B-7', 900), occurredAt: minutes(20) },
      { ...cancellation('B-7'), occurredAt: minutes(10) },
      { ...bill('B-7', 900, { dueOn: dayIn(20) }), occurredAt: minutes(5) },
    ];
    for (const event of story) await hear(event);

    const said = (await reader.heard(id, 6)).map(({ event }) => event);
    expect(said.map(({ type, outstandingPaise, dueOn }) => [type, outstandingPaise, dueOn])).toEqual([
      ['PaymentReceived', -500, null],
      ['PaymentReversed', 0, null],
      ['PaymentReceived', -500, null],
      ['BillGenerated', 400, dayIn(14)],
      ['BillCancelled', -500, dayIn(14)],
      ['BillGenerated', 400, dayIn(20)],
    ]);
    await hear(...story.map((event) => ({ ...event, eventId: newId() })));
    expect((await ledgerOf(billing.db, id)).entries).toHaveLength(6);
  });

  test('may be a bill of nothing; what is below that is a dead letter by that name', async () => {
    const { id, bill, payment } = await knownAccount();
    const bad = [bill('B-minus', -145_050), payment('T-minus', -1), payment('T-0', 0)];
    await hear(bill('B-0', 0), ...bad);

    expect((await reader.heard(id, 1))[0]?.event).toMatchObject({ type: 'BillGenerated', amountPaise: 0 });
    const reasons = (await Promise.all(bad.map(({ eventId }) => deadLetter(eventId)))).flat();
    expect(reasons.map((reason) => reason.replace(/ \(.*/, ''))).toEqual([
      'refused: amountPaise: amount-negative',
      'refused: amountPaise: amount-negative',
      'refused: amountPaise: amount-range',
    ]);
  });

  test('with the id of another is a dead letter', async () => {
    const { id, bill } = await knownAccount();
    const event = bill('B-1', 100);
    await hear(event);
    await hear({ ...event, reference: 'B-2' });

    expect((await deadLetter(event.eventId)).join()).toMatch(/^same-id-other-bytes/);
    expect((await ledgerOf(billing.db, id)).entries).toHaveLength(1);
  });

  test('late or early is right: a payment before its bill, a reversal before its payment', async () => {
    const { id, number, bill, payment, reversal } = await knownAccount();
    await hear(reversal('T-2'));
    await hear(payment('T-1', 300));
    expect((await ledgerOf(billing.db, id)).outstanding).toBe(-300);
    expect(await waitingOf(billing.db, number)).toEqual(['PaymentReversed T-2 unknown-payment']);

    await hear(bill('B-1', 1_000), payment('T-2', 50));
    expect((await ledgerOf(billing.db, id)).outstanding).toBe(700);
    expect(await waitingOf(billing.db, number)).toEqual([]);
  });

  test('of an unknown account is kept apart, listed and counted, and entered when the account appears', async () => {
    const number = freshNumber();
    const { bill, payment } = billingSystemOf(number);
    const events = [bill('B-1', 900), payment('T-1', 400)];
    await hear(...events);
    await hear(...events);
    const listed = await billing.ask('GET', '/v1/waiting-events?reason=unknown-account&limit=200');
    expect((listed.body['items'] as { eventId: string }[]).map(({ eventId }) => eventId)).toEqual(
      events.map(({ eventId }) => eventId),
    );
    expect((await billing.ask('GET', '/metrics')).text).toMatch(
      /^bijli_waiting_events{.*reason="unknown-account".*} 2$/m,
    );

    const { id } = await knownAccount(number);
    expect((await reader.heard(id, 2)).map(({ event }) => event.outstandingPaise)).toEqual([900, 500]);
    expect(await waitingOf(billing.db, number)).toEqual([]);
    expect((await billing.ask('GET', '/metrics')).text).toMatch(
      /^bijli_waiting_events{.*reason="unknown-account".*} 0$/m,
    );
  });

  test('against a rule is a dead letter with field and rule, and a thousand others flow', async () => {
    const accounts = await Promise.all(Array.from({ length: 10 }, () => knownAccount()));
    const good = accounts.flatMap(({ bill }) => Array.from({ length: 100 }, (_none, index) => bill(`B-${index}`, 7)));
    const bad = [
      accounts[3]?.bill('B-bad', 7, { dueOn: dayIn(-30) }),
      accounts[5]?.bill('B-bad', 1e15),
      accounts[5]?.bill('B-0', 8),
    ].filter((event) => event !== undefined);
    await hear(...good.slice(0, 400), ...bad.slice(0, 1), ...good.slice(400), ...bad.slice(1));

    const sums = await Promise.all(accounts.map(({ id }) => ledgerOf(billing.db, id)));
    expect(sums.map(({ outstanding }) => outstanding)).toEqual(accounts.map(() => 700));
    expect((await Promise.all(bad.map(({ eventId }) => deadLetter(eventId)))).flat()).toEqual([
      'refused: dueOn: before-issue (The due date is before the date of issue)',
      'refused: amountPaise: amount-range (Give 1 to 100000000000 whole paise for a payment, 0 to as many for a bill)',
      'refused: reference: reference-reused (This reference was used for another amount or other dates)',
    ]);
    expect(billing.lines.join('')).not.toContain(accounts[3]?.number);
  });

  test('in bytes that nobody understands is a dead letter, and the account goes on', async () => {
    const { id, number, bill } = await knownAccount();
    const [first, second] = [bill('B-1', 1), bill('B-2', 2)];
    const bytes = encodeEvent('billing-system.account.v1', bill('B-3', 3));
    for (const value of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(1)]), Buffer.from('garbage')])
      await neighbours.bytes(`bs-${number}`, value);
    await hear(first, second);

    expect((await ledgerOf(billing.db, id)).outstanding).toBe(3);
    const reasons = await query(billing.db, 'select reason from dead_letter where key = :key order by record_offset', {
      key: `bs-${number}`,
    });
    expect(reasons).toEqual([{ reason: 'malformed' }, { reason: 'trailing-bytes' }, { reason: 'not-framed' }]);
  });

  test('shuffled and three times over gives the same ledger as in order', async () => {
    const accounts = await Promise.all(Array.from({ length: 20 }, () => knownAccount()));
    const story = (of: (typeof accounts)[number]) => [
      of.bill('B-1', 145_050),
      of.payment('T-1', 45_050),
      of.payment('T-2', 45_050),
      of.reversal('T-1'),
      of.bill('B-2', 99),
      of.cancellation('B-2'),
      of.payment('T-3', 200_000),
    ];
    const shuffled = accounts.slice(10).flatMap(story);
    await hear(...accounts.slice(0, 10).flatMap(story));
    const dealt = [...shuffled, ...shuffled, ...shuffled].sort((one, other) =>
      one.eventId.slice(-4) < other.eventId.slice(-4) ? -1 : 1,
    );
    await hear(
      ...dealt.filter((_event, index) => index % 2 === 0),
      ...dealt.filter((_event, index) => index % 2 === 1),
    );

    const ledgers = await Promise.all(accounts.map(({ id }) => ledgerOf(billing.db, id)));
    const contents = ledgers.map(({ entries }) =>
      entries
        .map((entry) => entry.split(' = ')[0])
        .sort()
        .join(),
    );
    expect(new Set(contents).size).toBe(1);
    // 145,050 − 45,050 − 45,050 + 45,050 + 99 − 99 − 200,000
    expect(ledgers.map(({ outstanding }) => outstanding)).toEqual(accounts.map(() => -100_000));
    const said = await Promise.all(accounts.map(({ id }) => reader.heard(id, 7)));
    expect(said.map((events) => events.length)).toEqual(accounts.map(() => 7));
    for (const events of said) expect(events.map(({ event }) => event.version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('in a trace is told on in that trace, also among many without one', async () => {
    const traced = await Promise.all(Array.from({ length: 3 }, () => knownAccount()));
    const plain = await Promise.all(Array.from({ length: 20 }, () => knownAccount()));
    const traceIds = traced.map(() => newId().replaceAll('-', ''));
    await neighbours.events(...plain.slice(0, 10).map(({ bill }) => bill('B-1', 5)));
    for (const [index, { bill, reversal }] of traced.entries()) {
      const span = { traceId: traceIds[index] ?? '', spanId: '00f067aa0ba902b7', traceFlags: 1 };
      await context.with(trace.setSpanContext(context.active(), span), () =>
        neighbours.events(reversal('T-1'), bill(`B-traced-${index}`, 5)),
      );
    }
    await neighbours.events(...[...plain.slice(10), ...traced].map(({ payment }) => payment('T-1', 5)));

    const journeys = await Promise.all(traced.map(({ id }) => reader.heard(id, 3)));
    const tracesOf = journeys.map((records) =>
      records
        .filter(({ event }) => event.type !== 'PaymentReceived')
        .map(({ headers }) => headers['traceparent']?.split('-')[1]),
    );
    expect(tracesOf).toEqual(traceIds.map((traceId) => [traceId, traceId]));
    for (const { id } of plain) expect((await reader.heard(id, 1))[0]?.headers['traceparent']).toBeUndefined();

    const found = await billing.ask('GET', '/v1/entries?reference=B-traced-1');
    expect(found.body).toMatchObject({ items: [{ accountNumber: traced[1]?.number, traceId: traceIds[1] }] });
  });
});

describe('connections', () => {
  test('told twice, or late, change nothing; an old number keeps working', async () => {
    const { id, number: old } = await knownAccount();
    const today = freshNumber();
    const moved = connectionEvent(today, { aggregateId: id, version: 2, type: 'ConnectionChanged' });
    await neighbours.connections(moved);
    await neighbours.connections(moved, connectionEvent(old, { aggregateId: id }));
    await isKnown(id, 4);

    for (const number of [old, today])
      expect(await billing.ask('GET', `/v1/accounts/${number}`)).toMatchObject({
        body: { connectionId: id, accountNumber: today },
      });
  });

  test('erased or forgotten leave no number', async () => {
    const [erased, forgotten] = [await knownAccount(), await knownAccount()];
    await neighbours.connections(
      connectionEvent(erased.number, { aggregateId: erased.id, version: 2, type: 'ConnectionErased', state: 'erased' }),
    );
    await neighbours.erase(forgotten.id);
    await Promise.all([isKnown(erased.id, 2), isKnown(forgotten.id, 2)]);

    for (const { number } of [erased, forgotten])
      expect((await billing.ask('GET', `/v1/accounts/${number}`)).status).toBe(404);
  });
});

test('the process is ready, alive and measured', async () => {
  await until(async () => (await billing.ask('GET', '/readyz')).status === 200, { describe: 'readiness' });

  expect((await billing.ask('GET', '/readyz')).body['parts']).toEqual({
    database: { ok: true },
    'outbox-relay': { ok: true },
    subscriptions: { ok: true },
    'waiting-events': { ok: true },
    http: { ok: true },
  });
  expect((await billing.ask('GET', '/livez')).status).toBe(200);
  expect((await billing.ask('GET', '/metrics')).text).toContain(
    'bijli_subscription_applied_total{part="subscriptions",subscription="account-feed"',
  );
});
