import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from './decide.ts';
import { MAX_ESTIMATE_MS, MAX_WINDOW_MS } from './limits.ts';
import type { Outage, OutageCommand } from './outage.ts';

const HOUR_MS = 3_600_000;
const begin = Date.UTC(2026, 0, 30, 8);
const quarters = (from: number, to: number) => fc.integer({ min: from * 4, max: to * 4 }).map((count) => count / 4);
const hours = fc.oneof(quarters(-3, 12), quarters(-40, 200));
const surroundings = { outageId: 'o', eventId: 'e', nodeIds: ['F-1'], unknownNodes: [], alreadyOutIn: null };
const basedOn = fc.option(fc.integer({ min: 1, max: 6 }), { freq: 1 });

/** A command told relative to the moment at which it comes, so that most of them make sense. */
type Step = { readonly afterHours: number; readonly command: (now: Date) => OutageCommand };
const relative = (now: Date, by: number) => new Date(now.getTime() + by * HOUR_MS);

const command = fc.oneof(
  fc.record({ startsIn: hours, lasts: hours }).map(({ startsIn, lasts }) => (now: Date): OutageCommand => {
    const startsAt = relative(now, startsIn);
    return {
      type: 'announce-planned-work',
      ...surroundings,
      cause: 'maintenance',
      startsAt,
      endsAt: relative(startsAt, lasts),
    };
  }),
  fc.record({ started: fc.option(hours), estimate: fc.option(hours) }).map(
    ({ started, estimate }) =>
      (now: Date): OutageCommand => ({
        type: 'report-outage',
        ...surroundings,
        cause: 'storm',
        startedAt: started === null ? null : relative(now, started),
        estimatedRestorationAt: estimate === null ? null : relative(now, estimate),
      }),
  ),
  fc.record({ estimate: hours, basedOn }).map(
    ({ estimate, basedOn: seen }) =>
      (now: Date): OutageCommand => ({
        type: 'change-restoration-estimate',
        eventId: 'e',
        basedOn: seen,
        estimatedRestorationAt: relative(now, estimate),
      }),
  ),
  fc.record({ restored: fc.option(hours), basedOn }).map(
    ({ restored, basedOn: seen }) =>
      (now: Date): OutageCommand => ({
        type: 'restore-supply',
        eventId: 'e',
        basedOn: seen,
        restoredAt: restored === null ? null : relative(now, restored),
      }),
  ),
);
const steps = fc.array(fc.record({ afterHours: fc.integer({ min: 0, max: 20 }), command }), {
  minLength: 8,
  maxLength: 40,
});

/** Whatever was accepted, these hold afterwards. */
function expectPossible(outage: Outage, now: Date): void {
  const { kind, status, startsAt, estimatedRestorationAt, restoredAt } = outage;
  expect(status === 'restored').toBe(restoredAt !== null);
  if (kind === 'planned') {
    expect(status).not.toBe('open');
    expect(estimatedRestorationAt > startsAt).toBe(true);
    expect(estimatedRestorationAt.getTime() - startsAt.getTime()).toBeLessThanOrEqual(MAX_WINDOW_MS);
  } else {
    expect(status).not.toBe('announced');
    expect(startsAt <= now).toBe(true);
    expect(estimatedRestorationAt.getTime() - now.getTime()).toBeLessThanOrEqual(MAX_ESTIMATE_MS);
  }
  if (restoredAt !== null) {
    expect(restoredAt >= startsAt).toBe(true);
    expect(restoredAt <= now).toBe(true);
  }
}

function run(sequence: readonly Step[]): void {
  let outage: Outage | null = null;
  let now = new Date(begin);
  for (const { afterHours, command: at } of sequence) {
    now = relative(now, afterHours);
    const before: Outage | null = outage;
    const decision = decide(before, at(now), now);
    if (!decision.accepted) continue;
    if (decision.events.length === 0) {
      expect(decision.state).toBe(before);
      continue;
    }
    outage = decision.state;

    expectPossible(outage, now);
    expect(before?.status).not.toBe('restored');
    expect(outage.version).toBe((before?.version ?? 0) + 1);
    expect([outage.kind, outage.startsAt, outage.nodeIds]).toEqual(
      before === null ? expect.anything() : [before.kind, before.startsAt, before.nodeIds],
    );
    const { id: aggregateId, ...state } = outage;
    expect(decision.events).toEqual([
      { eventId: 'e', type: expect.any(String), occurredAt: now, aggregateId, ...state },
    ]);
  }
}

describe('decide, as a model', () => {
  test('no sequence of commands ends in an impossible outage, and versions have no gaps', () => {
    fc.assert(fc.property(steps, run), { numRuns: 500 });
  });

  test('the sequences reach restored outages of both kinds', () => {
    const ends = fc.sample(steps, { numRuns: 500, seed: 1 }).map((sequence) => {
      let outage: Outage | null = null;
      let now = new Date(begin);
      for (const { afterHours, command: at } of sequence) {
        now = relative(now, afterHours);
        const decision = decide(outage, at(now), now);
        if (decision.accepted) outage = decision.state;
      }
      return `${outage?.kind} ${outage?.status}`;
    });

    expect(ends).toEqual(
      expect.arrayContaining(['planned restored', 'unplanned restored', 'planned announced', 'unplanned open']),
    );
  });
});
