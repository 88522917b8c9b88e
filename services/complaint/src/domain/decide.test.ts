import { describe, expect, test } from '@jest/globals';
import { decideCase } from '@bijli/testing';
import type { Complaint, ComplaintCommand, ComplaintDecision, RejectionCode } from './complaint.ts';
import { decide } from './decide.ts';

const now = new Date('2026-01-30T08:00:00Z');
const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const id = '019c0d2c-0000-7000-8000-000000000001';
const eventId = '019c0d2c-0000-7000-8000-00000000000e';
const asking = '019c0d2c-0000-7000-8000-00000000000a';
const connectionId = '019c0d2c-0000-7000-8000-00000000000c';
const outage = {
  outageId: '019c0d2c-0000-7000-8000-0000000000ff',
  cause: 'storm',
  estimatedRestorationAt: at(2),
};

const lodge = {
  type: 'lodge-complaint',
  complaintId: id,
  eventId,
  complaintNumber: 'CMP-2026-0000001',
  kind: 'no-supply',
  area: 'town',
  connection: { connectionId, accountNumber: '4100000001', state: 'active' },
  outage: null,
} as const;
const change = { eventId, basedOn: null };
const assign = { type: 'assign-complaint', ...change, officeCode: 'JE-SADAR-03' } as const;
const begin = { type: 'begin-work', ...change } as const;
const resolve = { type: 'resolve-complaint', ...change, answerWithinMs: 72 * 3_600_000 } as const;
const answer = { type: 'answer-question', ...change, connectionId, isBack: true } as const;
const reopen = { type: 'reopen-complaint', ...change, connectionId, openElsewhere: null } as const;
const timeOut = { type: 'close-by-time-out', eventId } as const;

const lodged: Complaint = {
  id,
  version: 1,
  complaintNumber: 'CMP-2026-0000001',
  connectionId,
  accountNumber: '4100000001',
  kind: 'no-supply',
  area: 'town',
  status: 'lodged',
  cycle: 1,
  lodgedAt: now,
  dueAt: at(4),
  outageId: null,
  cause: null,
  estimatedRestorationAt: null,
  officeCode: null,
  escalationLevel: 0,
  joinedCount: 0,
  question: null,
  proof: null,
  closedAt: null,
};
const answered: Complaint = { ...lodged, status: 'answered', dueAt: null, ...outage };
const assigned: Complaint = { ...lodged, version: 2, status: 'assigned', officeCode: 'JE-SADAR-03' };
const begun: Complaint = { ...assigned, version: 3, status: 'in-progress' };
const question = { askedAt: at(-72), askedHow: 'sms', eventId: asking, answerDueAt: now } as const;
const resolved: Complaint = { ...begun, version: 4, status: 'resolved', dueAt: null, question };
const closed: Complaint = { ...resolved, version: 5, status: 'closed', proof: 'time-out', closedAt: at(-1) };
const reopenedOnce: Complaint = {
  ...begun,
  version: 5,
  status: 'reopened',
  cycle: 2,
  escalationLevel: 1,
  dueAt: at(4),
};

const complaint = decideCase(decide);

/** The complaint after it, and one event that tells it and nothing that is our own. */
function told(type: string, after: Complaint): ComplaintDecision {
  const {
    id: aggregateId,
    area,
    lodgedAt,
    officeCode,
    escalationLevel,
    joinedCount,
    question: asked,
    closedAt,
    ...rest
  } = after;
  void [area, lodgedAt, officeCode, escalationLevel, joinedCount, asked, closedAt];
  return {
    accepted: true,
    state: after,
    events: [{ eventId, type, occurredAt: now, aggregateId, ...rest }],
  } as ComplaintDecision;
}

describe('complaint', () => {
  test('is lodged with its number and a clock', () => {
    complaint.given(null).when(lodge, now).then(told('ComplaintLodged', lodged));
  });

  test.each([
    ['no-supply', 4, 8],
    ['fuse-off', 4, 8],
    ['transformer-failure', 24, 48],
    ['low-voltage', 240, 240],
    ['meter-fault', 168, 360],
    ['wrong-bill', 168, 168],
    ['other', 168, 168],
  ] as const)('of %s is due after %i h in a town, %i h in a village', (kind, town, village) => {
    const dueIn = (area: 'town' | 'village') => {
      const decision = decide(null, { ...lodge, kind, area }, now);
      return decision.accepted ? decision.events[0]?.dueAt : undefined;
    };

    expect([dueIn('town'), dueIn('village')]).toEqual([at(town), at(village)]);
  });

  test('about a dark house under an open outage is answered with cause and estimate, and that is its end', () => {
    complaint
      .given(null)
      .when({ ...lodge, outage }, now)
      .then(told('ComplaintAnswered', answered));
  });

  test('about something else is not answered by an outage', () => {
    complaint
      .given(null)
      .when({ ...lodge, kind: 'fuse-off', outage }, now)
      .then(told('ComplaintLodged', { ...lodged, kind: 'fuse-off' }));
  });

  test.each([
    ['lodged', lodged],
    ['answered', answered],
    ['in-progress', begun],
    ['reopened', reopenedOnce],
  ])('that is %s is joined without a word', (_status, open) => {
    complaint
      .given(open)
      .when(lodge, now)
      .then({ accepted: true, state: { ...open, joinedCount: 1 }, events: [] });
  });

  test('that is lodged again while the consumer is asked is not fixed', () => {
    complaint
      .given(resolved)
      .when(lodge, now)
      .then(told('ComplaintReopened', { ...reopenedOnce, joinedCount: 1 }));
  });

  test('goes to an office, to another, and to work', () => {
    complaint.given(lodged).when(assign, now).then(told('ComplaintAssigned', assigned));
    complaint
      .given(begun)
      .when({ ...assign, officeCode: 'JE-SADAR-04' }, now)
      .then(told('ComplaintAssigned', { ...assigned, version: 4, officeCode: 'JE-SADAR-04' }));
    complaint
      .given(reopenedOnce)
      .when(assign, now)
      .then(told('ComplaintAssigned', { ...reopenedOnce, version: 6, status: 'assigned' }));
    complaint.given(assigned).when(begin, now).then(told('ComplaintWorkBegun', begun));
  });

  test.each([
    ['lodged', lodged],
    ['assigned', assigned],
    ['in-progress', begun],
    ['reopened', reopenedOnce],
  ])('that is %s is resolved: its clock stops and its consumer is asked', (_status, open) => {
    const asked = { askedAt: now, askedHow: 'sms', eventId, answerDueAt: at(72) } as const;

    complaint
      .given(open)
      .when({ ...resolve, basedOn: open.version }, now)
      .then(
        told('ComplaintResolved', {
          ...open,
          version: open.version + 1,
          status: 'resolved',
          dueAt: null,
          question: asked,
        }),
      );
  });

  test('is closed by the consumer’s yes, which is the proof', () => {
    complaint
      .given(resolved)
      .when(answer, now)
      .then(
        told('ComplaintClosed', {
          ...resolved,
          version: 5,
          status: 'closed',
          proof: 'consumer-confirmed',
          closedAt: now,
        }),
      );
  });

  test('is opened again by the consumer’s no: next cycle, new clock, one level up', () => {
    const again = told('ComplaintReopened', reopenedOnce);

    complaint
      .given(resolved)
      .when({ ...answer, isBack: false }, now)
      .then(again);
    complaint.given(resolved).when(reopen, now).then(again);
  });

  test('is opened again up to 7 days after it was closed', () => {
    complaint
      .given({ ...closed, closedAt: at(-168) })
      .when(reopen, now)
      .then(told('ComplaintReopened', { ...reopenedOnce, version: 6 }));
  });

  test('is closed by time-out at the very instant the answer is due, and the question stays as evidence', () => {
    complaint
      .given(resolved)
      .when(timeOut, now)
      .then(told('ComplaintClosed', { ...resolved, version: 5, status: 'closed', proof: 'time-out', closedAt: now }));
  });

  const otherAccount = { connectionId: '019c0d2c-0000-7000-8000-00000000000d' };
  const refusals: [what: string, given: Complaint | null, command: ComplaintCommand, code: RejectionCode][] = [
    [
      'one of a closed connection',
      null,
      { ...lodge, connection: { ...lodge.connection, state: 'closed' } },
      'connection-closed',
    ],
    ['to lodge what is closed', closed, lodge, 'already-exists'],
    ['to assign nothing', null, assign, 'no-such-complaint'],
    ['to begin nothing', null, begin, 'no-such-complaint'],
    ['to resolve nothing', null, resolve, 'no-such-complaint'],
    ['an answer about nothing', null, answer, 'no-such-complaint'],
    ['to reopen nothing', null, reopen, 'no-such-complaint'],
    ['a time-out of nothing', null, timeOut, 'no-such-complaint'],
    ['to assign what an outage explains', answered, assign, 'already-answered'],
    ['to resolve what an outage explains', answered, resolve, 'already-answered'],
    ['to confirm what an outage explains', answered, answer, 'already-answered'],
    ['to reopen what an outage explains', answered, reopen, 'already-answered'],
    ['a time-out of what an outage explains', answered, timeOut, 'already-answered'],
    ['the office that has it', assigned, assign, 'already-assigned'],
    ['the office that works on it', begun, assign, 'already-assigned'],
    ['an office that saw an older version', lodged, { ...assign, basedOn: 2 }, 'stale-version'],
    ['work by nobody', lodged, begin, 'not-assigned'],
    ['work by the office of the cycle before', reopenedOnce, begin, 'not-assigned'],
    ['work that has begun', begun, begin, 'work-begun'],
    ['work on what is resolved', resolved, begin, 'already-resolved'],
    ['to resolve twice, also from an older version', resolved, { ...resolve, basedOn: 3 }, 'already-resolved'],
    ['to resolve what is closed', closed, resolve, 'already-closed'],
    ['to resolve an older version', begun, { ...resolve, basedOn: 2 }, 'stale-version'],
    ['a yes before anybody asked', begun, answer, 'not-resolved'],
    ['a no before anybody asked', lodged, { ...answer, isBack: false }, 'not-resolved'],
    ['a second answer', closed, answer, 'already-closed'],
    ['a no after the yes', closed, { ...answer, isBack: false }, 'already-closed'],
    ['an answer to an older version', resolved, { ...answer, basedOn: 3 }, 'stale-version'],
    ['an answer of another consumer', resolved, { ...answer, ...otherAccount }, 'no-such-complaint'],
    ['an answer of nobody', resolved, { ...answer, connectionId: null }, 'no-such-complaint'],
    ['another consumer’s look at whether it is closed', closed, { ...answer, ...otherAccount }, 'no-such-complaint'],
    ['another consumer’s reopening', closed, { ...reopen, ...otherAccount }, 'no-such-complaint'],
    ['to reopen what is open', begun, reopen, 'not-resolved'],
    ['to reopen after 7 days', { ...closed, closedAt: at(-168.001) }, reopen, 'closed-too-long-ago'],
    ['to reopen an older version', closed, { ...reopen, basedOn: 4 }, 'stale-version'],
    ['to reopen while another is open', closed, { ...reopen, openElsewhere: 'CMP-2026-0000009' }, 'open-elsewhere'],
    ['a time-out before anybody asked', begun, timeOut, 'not-resolved'],
    [
      'a time-out before the answer is due',
      { ...resolved, question: { ...question, answerDueAt: at(0.001) } },
      timeOut,
      'answer-not-due',
    ],
    ['a time-out of what is closed', closed, timeOut, 'already-closed'],
  ];

  test.each(refusals)('refuses %s', (_what, given, command, code) => {
    complaint.given(given).when(command, now).then({ accepted: false, code });
  });

  test('has a refusal tested for each code but unknown-account, which is known before', () => {
    expect(new Set(refusals.map(([, , , code]) => code)).size).toBe(14);
  });
});
