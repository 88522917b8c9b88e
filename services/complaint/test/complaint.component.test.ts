import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomName, until } from '@bijli/testing';
import { rules } from './ask.ts';
import { connectionEvent } from './neighbour-events.ts';
import { startTown, type Town } from './town.ts';

let town: Town;
beforeAll(async () => {
  town = await startTown();
});
afterAll(() => town?.stop());

const saidOf = async (id: unknown, count: number) =>
  (await town.reader.heard(id, count)).map(({ event }) => event.type);

describe('complaint', () => {
  test('is lodged: answer with its number, state, event, log, metrics', async () => {
    const accountNumber = await town.knownAccount();
    const answer = await town.lodge(accountNumber);
    const { complaintNumber, id } = answer.body;

    expect(answer).toMatchObject({
      status: 201,
      body: { joined: false, version: 1, status: 'lodged', kind: 'no-supply', accountNumber, cycle: 1, proof: null },
    });
    expect(complaintNumber).toMatch(/^CMP-20\d\d-\d{7}$/);
    expect([answer.headers.get('location'), answer.headers.get('etag')]).toEqual([
      `/v1/complaints/${String(complaintNumber)}`,
      '"1"',
    ]);
    const { joined: _joined, isChanged, ...state } = answer.body;
    expect(isChanged).toBe(true);
    expect((await town.complaint.ask('GET', String(answer.headers.get('location')))).body).toEqual(state);
    expect((await town.complaint.ask('GET', `/v1/complaints/${String(complaintNumber).toLowerCase()}`)).body).toEqual(
      state,
    );
    const [record] = await town.reader.heard(id, 1);
    expect(record?.event).toMatchObject({
      type: 'ComplaintLodged',
      version: 1,
      complaintNumber,
      accountNumber,
      status: 'lodged',
      dueAt: new Date(String(answer.body['dueAt'])),
    });
    expect(record?.headers).toMatchObject({ ce_type: 'ComplaintLodged', ce_subject: id });
    expect(town.complaint.lines.filter((line) => line.includes(`"complaintId":"${String(id)}"`))).toHaveLength(1);
    expect(town.complaint.lines.join()).not.toContain(accountNumber);
    expect(await town.complaint.metrics()).toMatch(/^bijli_complaint_open\{.*\} [1-9]/m);
  });

  test('is lodged and found by an account number as people and spreadsheets write it', async () => {
    const accountNumber = await town.knownAccount();
    const devanagari = accountNumber.replace(/\d/g, (digit) => String.fromCodePoint(0x966 + Number(digit)));
    const { body } = await town.lodge(`'${accountNumber}.0`);

    expect(body).toMatchObject({ accountNumber, status: 'lodged' });
    for (const written of [
      devanagari,
      `\u202a${accountNumber}\u202c`,
      `${accountNumber.slice(0, 5)} ${accountNumber.slice(5)}`,
    ]) {
      const found = await town.complaint.ask('GET', `/v1/complaints?accountNumber=${encodeURIComponent(written)}`);
      expect(found.body).toMatchObject({ items: [{ complaintNumber: body['complaintNumber'] }] });
    }
  });

  test('goes its whole way, twice round, and says each step once and without a gap', async () => {
    const accountNumber = await town.knownAccount();
    const { body } = await town.lodge(accountNumber, 'transformer-failure');
    const number = body['complaintNumber'];
    const round = async () => [
      await town.step(number, 'assignment', { officeCode: 'JE-SADAR-03' }),
      await town.step(number, 'work'),
      await town.step(number, 'resolution'),
    ];
    const answers = [
      ...(await round()),
      await town.step(number, 'confirmation', { accountNumber, isBack: false }),
      ...(await round()),
      await town.step(number, 'confirmation', { accountNumber, isBack: true }),
    ];

    expect(answers.map(({ status, body: { status: standing } }) => `${status} ${String(standing)}`)).toEqual([
      ...['200 assigned', '200 in-progress', '200 resolved', '200 reopened'],
      ...['200 assigned', '200 in-progress', '200 resolved', '200 closed'],
    ]);
    expect(answers.at(-1)?.body).toMatchObject({
      version: 9,
      cycle: 2,
      escalationLevel: 1,
      officeCode: 'JE-SADAR-03',
      proof: 'consumer-confirmed',
      dueAt: null,
    });
    const said = await town.reader.heard(body['id'], 9);
    expect(said.map(({ event }) => [event.version, event.cycle, event.proof])).toEqual([
      ...[1, 2, 3, 4].map((version) => [version, 1, null]),
      ...[5, 6, 7, 8].map((version) => [version, 2, null]),
      [9, 2, 'consumer-confirmed'],
    ]);
    const history = await town.complaint.ask('GET', `/v1/complaints/${String(number)}/history`);
    expect(history).toMatchObject({
      status: 200,
      body: {
        complaintNumber: number,
        id: body['id'],
        closings: [{ cycle: 2, proof: 'consumer-confirmed', question: { askedHow: 'sms' } }],
      },
    });
    expect((history.body['events'] as { version: number; traceId: unknown }[]).map(({ version }) => version)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  });

  test('is joined by the same of the same connection, also under its new account number: one number, one text', async () => {
    const accountNumber = await town.knownAccount();
    const first = await town.lodge(accountNumber);
    const again = await town.lodge(accountNumber);
    const other = await town.lodge(accountNumber, 'wrong-bill');

    expect([first.status, again.status, other.status]).toEqual([201, 200, 201]);
    expect(again.body).toMatchObject({
      joined: true,
      isChanged: false,
      joinedCount: 1,
      version: 1,
      complaintNumber: first.body['complaintNumber'],
    });
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    const { connectionId: aggregateId = '' } = (await town.reader.heard(first.body['id'], 1))[0]?.event ?? {};
    await town.neighbours.say(
      'consumer-registry.connection.v1',
      connectionEvent('5200000001', { aggregateId, version: 2 }),
    );
    await town.settled(aggregateId, 2);
    for (const known of [accountNumber, '5200000001'])
      expect((await town.lodge(known)).body['complaintNumber']).toBe(first.body['complaintNumber']);
    await town.step(first.body['complaintNumber'], 'resolution');
    expect(await saidOf(first.body['id'], 2)).toEqual(['ComplaintLodged', 'ComplaintResolved']);
  });

  test('lets one of a yes and a no win that come at once; the other is told so', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { accountNumber, number } = await town.resolved();
      const answers = await Promise.all(
        [true, false].map((isBack) => town.step(number, 'confirmation', { accountNumber, isBack })),
      );

      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const won = answers[0]?.status === 200 ? 'closed' : 'reopened';
      expect((await town.complaint.ask('GET', `/v1/complaints/${number}`)).body).toMatchObject({
        status: won,
        version: 3,
      });
    }
  });

  test('lets one of a yes and a reopening win that saw the same version', async () => {
    const { accountNumber, number } = await town.resolved();
    const seen = { 'if-match': '"2"' };
    const answers = await Promise.all([
      town.step(number, 'confirmation', { accountNumber, isBack: true }, seen),
      town.step(number, 'reopening', { accountNumber }, seen),
    ]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('is opened again after it was closed, one level up', async () => {
    const { accountNumber, number } = await town.resolved();
    await town.step(number, 'confirmation', { accountNumber, isBack: true });

    expect(await town.step(number, 'reopening', { accountNumber })).toMatchObject({
      status: 200,
      body: { status: 'reopened', cycle: 2, escalationLevel: 1, proof: null, dueAt: expect.any(String) },
    });
  });

  test('is listed page by page, by status, office, account and clock', async () => {
    const accountNumber = await town.knownAccount();
    const lodged = [
      await town.lodge(accountNumber),
      await town.lodge(accountNumber, 'other'),
      await town.lodge(accountNumber, 'fuse-off'),
    ];
    const numbers = lodged.map(({ body }) => body['complaintNumber']);
    await town.step(numbers[2], 'assignment', { officeCode: 'JE-LIST-01' });
    const list = async (search: string) => {
      const { body } = await town.complaint.ask('GET', `/v1/complaints?${search}`);
      const found = (body['items'] as { complaintNumber: string }[]).map((each) => each.complaintNumber);
      return { found, cursor: String(body['nextCursor']) };
    };
    const mine = `accountNumber=${accountNumber}`;
    const first = await list(`${mine}&limit=2`);

    expect(first.found).toEqual([numbers[2], numbers[1]]);
    expect(await list(`${mine}&limit=2&cursor=${first.cursor}`)).toEqual({ found: [numbers[0]], cursor: 'null' });
    expect((await list(`${mine}&status=lodged`)).found).toEqual([numbers[1], numbers[0]]);
    expect((await list('officeCode=JE-LIST-01')).found).toEqual([numbers[2]]);
    expect((await list(`${mine}&overdue=true`)).found).toEqual([]);
    town.complaint.putForward(5);
    expect((await list(`${mine}&overdue=true`)).found).toEqual([numbers[2], numbers[0]]);
    expect(await town.complaint.metrics()).toMatch(/^bijli_complaint_overdue\{.*\} [1-9]/m);
    town.complaint.putForward(0);
  });

  test('has a kind with a clock and its source', async () => {
    const { body } = await town.complaint.ask('GET', '/v1/complaint-kinds');

    expect(body['items']).toContainEqual({
      kind: 'fuse-off',
      hours: { town: 4, village: 8 },
      source: expect.stringContaining('fuse-off'),
    });
  });
});

describe('a question that nobody answers', () => {
  test('closes its complaint after 72 hours, with evidence of when and how it was asked, and says so once', async () => {
    const { number, id } = await town.resolved();
    const { body } = await town.complaint.ask('GET', `/v1/complaints/${number}`);
    town.complaint.putForward(72.01);

    expect(await saidOf(id, 3)).toEqual(['ComplaintLodged', 'ComplaintResolved', 'ComplaintClosed']);
    expect((await town.complaint.ask('GET', `/v1/complaints/${number}`)).body).toMatchObject({
      status: 'closed',
      proof: 'time-out',
    });
    expect((await town.complaint.ask('GET', `/v1/complaints/${number}/history`)).body).toMatchObject({
      closings: [{ cycle: 1, proof: 'time-out', question: body['question'] }],
    });
    expect(await town.complaint.metrics()).toMatch(/^bijli_complaint_closed_by_time_out_total\{.*\} [1-9]/m);
    town.complaint.putForward(0);
  });
});

describe('an Idempotency-Key', () => {
  test('repeats the answer and does it once, also when both come at once', async () => {
    const accountNumber = await town.knownAccount();
    const key = { 'idempotency-key': randomName('key') };
    const atOnce = await Promise.all([
      town.lodge(accountNumber, 'other', key),
      town.lodge(accountNumber, 'other', key),
    ]);
    const answers = [...atOnce, await town.lodge(accountNumber, 'other', key)];

    expect(answers.map(({ status, body }) => [status, body['joined'], body['joinedCount']])).toEqual(
      answers.map(() => [201, false, 0]),
    );
    expect(new Set(answers.map(({ body }) => body['complaintNumber'])).size).toBe(1);
  });

  test('with another request, or for another complaint, is refused', async () => {
    const [one, other] = [await town.resolved(), await town.resolved()];
    const key = { 'idempotency-key': randomName('key') };
    const answer = ({ number, accountNumber }: typeof one, isBack: boolean) =>
      town.step(number, 'confirmation', { accountNumber, isBack }, key);

    expect((await answer(one, true)).status).toBe(200);
    expect((await answer(one, true)).status).toBe(200);
    for (const reused of [await answer(one, false), await answer(other, true)])
      expect([reused.status, ...rules(reused)]).toEqual([422, '/headers/idempotency-key key-reused']);
  });

  test('does not keep a refusal: the account may become known', async () => {
    const key = { 'idempotency-key': randomName('key') };
    const event = connectionEvent('4999999999');
    expect((await town.lodge('4999999999', 'other', key)).status).toBe(404);

    await town.neighbours.say('consumer-registry.connection.v1', event);
    await until(async () => (await town.lodge('4999999999', 'other', key)).status === 201, {
      describe: 'the account to be known',
    });
  });
});

test('the process is ready, alive and measured', async () => {
  await until(async () => (await town.complaint.ask('GET', '/readyz')).status === 200, { describe: 'readiness' });

  expect((await town.complaint.ask('GET', '/readyz')).body).toMatchObject({
    parts: {
      database: { ok: true },
      'outbox-relay': { ok: true },
      subscriptions: { ok: true },
      'close-sweeper': { ok: true },
      http: { ok: true },
    },
  });
  expect((await town.complaint.ask('GET', '/livez')).status).toBe(200);
});
