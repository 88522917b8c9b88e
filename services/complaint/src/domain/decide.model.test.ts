import { describe, expect, test } from '@jest/globals';
import type { ComplaintEvent } from '@bijli/events';
import fc from 'fast-check';
import type { Complaint, ComplaintCommand, Status } from './complaint.ts';
import { decide } from './decide.ts';
import { ANSWER_HOURS, REOPEN_WITHIN_MS } from './limits.ts';

const HOUR_MS = 3_600_000;
const begin = new Date(Date.UTC(2026, 0, 30, 8));
const answerWithinMs = ANSWER_HOURS * HOUR_MS;
const mine = 'c-1';
const outage = { outageId: 'o-1', cause: 'storm', estimatedRestorationAt: begin };

/** Mostly null: a value is what makes a command be refused. */
const mostlyNull = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(null), weight: 8 }, { arbitrary, weight: 1 });
const basedOn = mostlyNull(fc.integer({ min: 1, max: 8 }));
const who = fc.constantFrom(mine, mine, mine, 'c-2', null);
const lodging = fc.record({ isOut: fc.boolean(), isNoSupply: fc.boolean() }).map(
  ({ isOut, isNoSupply }): ComplaintCommand => ({
    type: 'lodge-complaint',
    complaintId: 'k-1',
    eventId: 'e',
    complaintNumber: 'CMP-2026-0000001',
    kind: isNoSupply ? 'no-supply' : 'fuse-off',
    area: 'town',
    connection: { connectionId: mine, accountNumber: '4100000001', state: 'active' },
    outage: isOut ? outage : null,
  }),
);
const working = fc.oneof(
  fc
    .record({ basedOn, officeCode: fc.constantFrom('JE-1', 'JE-2') })
    .map((given): ComplaintCommand => ({ type: 'assign-complaint', eventId: 'e', ...given })),
  fc.record({ basedOn }).map((given): ComplaintCommand => ({ type: 'begin-work', eventId: 'e', ...given })),
  fc
    .record({ basedOn })
    .map((given): ComplaintCommand => ({ type: 'resolve-complaint', eventId: 'e', answerWithinMs, ...given })),
);
const ending = fc.oneof(
  fc
    .record({ basedOn, connectionId: who, isBack: fc.boolean() })
    .map((given): ComplaintCommand => ({ type: 'answer-question', eventId: 'e', ...given })),
  fc
    .record({ basedOn, connectionId: who, openElsewhere: mostlyNull(fc.constant('CMP-2026-0000009')) })
    .map((given): ComplaintCommand => ({ type: 'reopen-complaint', eventId: 'e', ...given })),
  fc.constant<ComplaintCommand>({ type: 'close-by-time-out', eventId: 'e' }),
);
/** A weight of 1 for lodging keeps the commands that need a question frequent enough. */
const command = fc.oneof(
  { arbitrary: lodging, weight: 1 },
  { arbitrary: working, weight: 4 },
  { arbitrary: ending, weight: 4 },
);
/** Hours apart, around the 72 hours, and days apart. */
const hoursLater = fc.oneof(
  fc.integer({ min: 0, max: 30 }),
  fc.integer({ min: 70, max: 74 }),
  fc.integer({ min: 60, max: 200 }),
);
const steps = fc.array(fc.record({ hoursLater, command }), { minLength: 8, maxLength: 50, size: 'max' });
type Steps = readonly { hoursLater: number; command: ComplaintCommand }[];

/** One accepted step with what was before and after it. */
type Happened = {
  readonly command: ComplaintCommand;
  readonly before: Complaint | null;
  readonly after: Complaint;
  readonly event: ComplaintEvent | undefined;
  readonly now: Date;
};

function play(sequence: Steps): Happened[] {
  const happened: Happened[] = [];
  let complaint: Complaint | null = null;
  let now = begin;
  for (const step of sequence) {
    now = new Date(now.getTime() + step.hoursLater * HOUR_MS);
    const before: Complaint | null = complaint;
    const decision = decide(before, step.command, now);
    if (!decision.accepted) continue;
    expect(decision.events.length).toBeLessThanOrEqual(1);
    complaint = decision.state;
    happened.push({ command: step.command, before, after: complaint, event: decision.events[0], now });
  }
  return happened;
}

const saying = (happened: readonly Happened[], type: ComplaintEvent['type']) =>
  happened.filter(({ event }) => event?.type === type);
const cyclesOf = (happened: readonly Happened[]) => happened.map(({ after }) => after.cycle);

/** Each of them holds of whatever the commands may be; numbers of runs are of random sequences. */
function holds(property: (happened: readonly Happened[]) => void): void {
  fc.assert(
    fc.property(steps, (sequence) => property(play(sequence))),
    { numRuns: 1_000 },
  );
}

describe('no "fixed" text without proof, one text per cycle', () => {
  test('nothing is closed without a proof, and nothing has a proof that is not closed', () =>
    holds((happened) => {
      for (const { after, event } of happened) {
        expect(after.status === 'closed').toBe(after.proof !== null);
        expect(event === undefined || (event.status === 'closed') === (event.proof !== null)).toBe(true);
        expect(event?.type === 'ComplaintClosed').toBe(event?.status === 'closed');
      }
    }));

  test('the proof is the consumer’s word only after the consumer’s yes to a question that was asked', () =>
    holds((happened) => {
      for (const { command, before, after, event } of saying(happened, 'ComplaintClosed')) {
        expect(before?.status).toBe('resolved');
        expect(after.proof === 'consumer-confirmed').toBe(command.type === 'answer-question');
        if (command.type === 'answer-question')
          expect([command.isBack, command.connectionId]).toEqual([true, event?.connectionId]);
      }
    }));

  test('a time-out is a proof only 72 hours after the asking, and its evidence is kept', () =>
    holds((happened) => {
      for (const { before, after, now } of saying(happened, 'ComplaintClosed')) {
        expect(after.question).toEqual(before?.question);
        const askedAt = after.question?.askedAt.getTime() ?? Number.NaN;
        if (after.proof === 'time-out') expect(now.getTime() - askedAt).toBeGreaterThanOrEqual(72 * HOUR_MS);
      }
    }));

  test('a cycle has at most one question and one end, so one text of each', () =>
    holds((happened) => {
      for (const type of ['ComplaintLodged', 'ComplaintResolved', 'ComplaintClosed'] as const) {
        const cycles = cyclesOf(saying(happened, type));
        expect(new Set(cycles).size).toBe(cycles.length);
      }
    }));

  test('an end of a cycle comes after its question', () =>
    holds((happened) => {
      const asked = new Set(cyclesOf(saying(happened, 'ComplaintResolved')));
      expect(cyclesOf(saying(happened, 'ComplaintClosed')).every((cycle) => asked.has(cycle))).toBe(true);
    }));
});

describe('decide, as a model', () => {
  test('versions have no gaps, and lodging again says nothing', () =>
    holds((happened) => {
      const events = happened.flatMap(({ event }) => event ?? []);
      expect(events.map(({ version }) => version)).toEqual(events.map((_event, index) => index + 1));
      for (const { command, before, after, event } of happened)
        if (event === undefined)
          expect([command.type, after]).toEqual([
            'lodge-complaint',
            { ...before, joinedCount: (before?.joinedCount ?? 0) + 1 },
          ]);
    }));

  test('a cycle and a level begin only by reopening, each with a new clock', () =>
    holds((happened) => {
      for (const { before, after, event, now } of happened) {
        const isReopened = event?.type === 'ComplaintReopened';
        expect(after.cycle).toBe((before?.cycle ?? 1) + (isReopened ? 1 : 0));
        expect(after.escalationLevel).toBe(after.cycle - 1);
        if (!isReopened) continue;
        expect(['resolved', 'closed']).toContain(before?.status);
        expect(now.getTime() - (before?.closedAt ?? now).getTime()).toBeLessThanOrEqual(REOPEN_WITHIN_MS);
        expect(after.dueAt).toEqual(new Date(now.getTime() + 4 * HOUR_MS));
      }
    }));

  test('a clock runs exactly while somebody has to do something, and an answer is the end', () =>
    holds((happened) => {
      for (const { before, after, event } of happened) {
        expect(after.dueAt === null).toBe(['answered', 'resolved', 'closed'].includes(after.status));
        expect(after.question === null).toBe(!['resolved', 'closed'].includes(after.status));
        expect(after.outageId === null).toBe(after.status !== 'answered');
        if (before?.status === 'answered') expect(event).toBeUndefined();
      }
    }));

  test('what it is about never changes, and the event tells the state after it', () =>
    holds((happened) => {
      for (const { after, event, now } of happened) {
        expect(after).toMatchObject({ id: 'k-1', connectionId: mine, lodgedAt: happened[0]?.now });
        if (event === undefined) continue;
        const { eventId: _id, type: _type, occurredAt, aggregateId, ...told } = event;
        expect([occurredAt, aggregateId]).toEqual([now, after.id]);
        expect(after).toMatchObject(told);
      }
    }));

  test('the sequences reach every status, a second cycle, and both proofs', () => {
    const reached = fc.sample(steps, { numRuns: 500, seed: 1 }).flatMap(play);
    const all: Status[] = ['answered', 'assigned', 'closed', 'in-progress', 'lodged', 'reopened', 'resolved'];

    expect([...new Set(reached.map(({ after }) => after.status))].sort()).toEqual(all);
    expect(new Set(reached.map(({ after }) => after.proof))).toEqual(new Set([null, 'consumer-confirmed', 'time-out']));
    expect(Math.max(...cyclesOf(reached))).toBeGreaterThan(2);
    expect(saying(reached, 'ComplaintReopened').map(({ before }) => before?.status)).toContain('closed');
  });
});
