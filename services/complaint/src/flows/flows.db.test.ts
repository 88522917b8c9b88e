import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database, query, withTransaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { at } from '../../test/a-complaint.ts';
import { openComplaintDatabase } from '../../test/complaint-database.ts';
import type { Complaint, ComplaintDecision, Kind } from '../domain/complaint.ts';
import { takeComplaintNumber } from '../store/take-complaint-number.ts';
import { upsertConnections } from '../store/upsert-connections.ts';
import { answerQuestion, reopenComplaint, workOnComplaint } from './change-complaint.ts';
import { closeUnanswered } from './close-unanswered.ts';
import { lodgeComplaint } from './lodge-complaint.ts';

const PARALLEL = 50;
const ANSWER_MS = 72 * 3_600_000;
const accounts = Array.from({ length: PARALLEL }, (_none, index) => `41000000${String(index).padStart(2, '0')}`);
const [account = ''] = accounts;

let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ db, close } = await openComplaintDatabase(20));
  const connections = accounts.map((accountNumber) => ({
    connectionId: newId(),
    version: 1,
    accountNumber,
    formerAccountNumbers: [],
    nodeCode: 'DT-1',
    state: 'active',
  }));
  await withTransaction(db, (tx) => upsertConnections(tx, connections));
});
beforeEach(() => query(db, 'truncate complaint, complaint_event, closing_proof, complaint_year, outbox'));
afterAll(() => close());

const moment = (now: Date) => ({ now, traceId: null });
const lodge = (accountNumber: string, now = at(0), kind: Kind = 'no-supply') =>
  withTransaction(db, (tx) => {
    const ids = { complaintId: newId(now.getTime()), eventId: newId() };
    return lodgeComplaint(tx, { type: 'lodge-complaint', ...ids, accountNumber, kind, area: 'town' }, moment(now));
  });
function stateOf(decision: ComplaintDecision): Complaint {
  if (!decision.accepted) throw new Error(`refused: ${decision.code}`);
  return decision.state;
}
const codeOf = (decision: ComplaintDecision) => (decision.accepted ? decision.state.status : decision.code);
const lodgedNumber = async (accountNumber: string, now?: Date) =>
  stateOf((await lodge(accountNumber, now)).decision).complaintNumber;
const change = () => ({ eventId: newId(), basedOn: null });
const resolve = (complaintNumber: string, now = at(1)) =>
  withTransaction(db, (tx) =>
    workOnComplaint(
      tx,
      complaintNumber,
      { type: 'resolve-complaint', ...change(), answerWithinMs: ANSWER_MS },
      moment(now),
    ),
  );
const answer = (complaintNumber: string, isBack: boolean, accountNumber = account, now = at(2)) =>
  withTransaction(db, (tx) =>
    answerQuestion(tx, complaintNumber, { type: 'answer-question', ...change(), accountNumber, isBack }, moment(now)),
  );
const reopen = (complaintNumber: string, accountNumber = account, now = at(3)) =>
  withTransaction(db, (tx) =>
    reopenComplaint(tx, complaintNumber, { type: 'reopen-complaint', ...change(), accountNumber }, moment(now)),
  );
const said = async () =>
  (await query<{ type: string }>(db, 'select type from outbox_event order by outbox_id, position')).map(
    ({ type }) => type,
  );

describe('a complaint number', () => {
  test(`is unique and leaves no gap when ${PARALLEL} are lodged at once, refused ones among them`, async () => {
    const numbers = await Promise.all(
      accounts.flatMap((accountNumber) => [lodgedNumber(accountNumber), lodge(`X${accountNumber}`).then(() => '')]),
    );

    const expected = accounts.map((_account, index) => `CMP-2026-${String(index + 1).padStart(7, '0')}`);
    expect(numbers.filter((number) => number !== '').sort()).toEqual(expected);
    expect(await said()).toHaveLength(PARALLEL);
  });

  test('is given back by whoever rolls back', async () => {
    const lost = new Error('lost');
    const rolledBack = withTransaction(db, async (tx) => {
      expect(await takeComplaintNumber(tx, at(0))).toBe('CMP-2026-0000001');
      throw lost;
    });
    await expect(rolledBack).rejects.toBe(lost);

    expect(await lodgedNumber(account)).toBe('CMP-2026-0000001');
  });

  test('is of the year that it is in India', async () => {
    const beforeMidnight = new Date('2026-12-31T18:29:59.999Z');
    const midnight = new Date('2026-12-31T18:30:00.000Z');

    expect(await lodgedNumber(account, beforeMidnight)).toBe('CMP-2026-0000001');
    expect(await lodgedNumber(accounts[1] ?? '', midnight)).toBe('CMP-2027-0000001');
  });
});

describe('lodging', () => {
  test('the same at once makes one complaint that the others join', async () => {
    const lodged = await Promise.all(Array.from({ length: 10 }, () => lodge(account)));

    expect(lodged.filter(({ joined }) => !joined)).toHaveLength(1);
    expect(new Set(lodged.map(({ decision }) => stateOf(decision).complaintNumber)).size).toBe(1);
    expect(Math.max(...lodged.map(({ decision }) => stateOf(decision).joinedCount))).toBe(9);
    expect(await said()).toEqual(['ComplaintLodged']);
  });

  test('again while the consumer is asked opens it again', async () => {
    const number = await lodgedNumber(account);
    await resolve(number);
    const { decision, joined } = await lodge(account, at(2));

    expect([joined, stateOf(decision)]).toMatchObject([
      true,
      { complaintNumber: number, status: 'reopened', cycle: 2, escalationLevel: 1 },
    ]);
    expect(await said()).toEqual(['ComplaintLodged', 'ComplaintResolved', 'ComplaintReopened']);
  });

  test('after it was closed makes another', async () => {
    const number = await lodgedNumber(account);
    await resolve(number);
    await answer(number, true);

    expect(await lodge(account, at(3))).toMatchObject({ joined: false });
  });

  test('is refused to an account that nobody has, and takes no number', async () => {
    expect((await lodge('0000000000')).decision).toEqual({ accepted: false, code: 'unknown-account' });
    expect(await query(db, 'select from complaint_year')).toEqual([]);
  });
});

describe('a closed complaint', () => {
  test('is opened again by its consumer only, and not while another is open', async () => {
    const number = await lodgedNumber(account);
    await resolve(number);
    expect(codeOf(await answer(number, true, accounts[1]))).toBe('no-such-complaint');
    expect(codeOf(await answer(number, true, 'X-1'))).toBe('no-such-complaint');
    await answer(number, true);
    expect(codeOf(await reopen(number, accounts[1]))).toBe('no-such-complaint');
    const other = await lodgedNumber(account, at(3));

    expect(codeOf(await reopen(number))).toBe('open-elsewhere');
    await resolve(other, at(3));
    await answer(other, true, account, at(4));
    expect(codeOf(await reopen(number))).toBe('reopened');
  });

  test('and another that is lodged in the same moment never make two open ones', async () => {
    for (let round = 0; round < 10; round += 1) {
      const number = await lodgedNumber(account, at(round));
      await resolve(number, at(round));
      await answer(number, true, account, at(round));
      await Promise.all([reopen(number, account, at(round)), lodge(account, at(round))]);

      const open = await query<{ complaint_number: string }>(
        db,
        `select complaint_number from complaint where status not in ('answered', 'closed')`,
      );
      expect(open).toHaveLength(1);
      await resolve(open[0]?.complaint_number ?? '', at(round));
      await answer(open[0]?.complaint_number ?? '', true, account, at(round));
    }
  });
});

describe('closing the unanswered', () => {
  const sweep = (atMost: number, now: Date) =>
    withTransaction(db, (tx) => closeUnanswered(tx, atMost, { now, traceId: null }));

  test('closes in batches those whose 72 hours are over, each with its evidence', async () => {
    for (const accountNumber of accounts.slice(0, 5)) await resolve(await lodgedNumber(accountNumber));
    await resolve(await lodgedNumber(accounts[5] ?? ''), at(2));

    expect(await sweep(9, at(72.99))).toEqual([]);
    expect((await sweep(3, at(73))).map(({ type, proof }) => `${type} ${proof}`)).toEqual(
      Array.from({ length: 3 }, () => 'ComplaintClosed time-out'),
    );
    expect(await sweep(3, at(73))).toHaveLength(2);
    expect(await sweep(3, at(73))).toEqual([]);
    expect(
      await query(db, 'select distinct proof, asked_at, asked_how, answer_due_at, closed_at from closing_proof'),
    ).toEqual([{ proof: 'time-out', asked_at: at(1), asked_how: 'sms', answer_due_at: at(73), closed_at: at(73) }]);
  });

  test('by two replicas at once closes each once', async () => {
    for (const accountNumber of accounts.slice(0, 5)) await resolve(await lodgedNumber(accountNumber));
    const closed = (await Promise.all([sweep(9, at(100)), sweep(9, at(100)), sweep(9, at(100))])).flat();

    expect(new Set(closed.map(({ aggregateId }) => aggregateId)).size).toBe(5);
    expect(closed).toHaveLength(5);
  });

  test('leaves alone what its consumer is answering', async () => {
    const number = await lodgedNumber(account);
    await resolve(number);
    const late = at(100);
    await withTransaction(db, async (tx) => {
      await answerQuestion(
        tx,
        number,
        { type: 'answer-question', ...change(), accountNumber: account, isBack: true },
        moment(late),
      );
      expect(await sweep(9, late)).toEqual([]);
    });

    expect(await sweep(9, late)).toEqual([]);
    expect(await query(db, 'select proof from complaint')).toEqual([{ proof: 'consumer-confirmed' }]);
  });
});
