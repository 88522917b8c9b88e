import type { OutageEvent } from '@bijli/events';
import { describe, expect, test } from '@jest/globals';
import { LATE_NEWS_MINUTES, planRun } from './plan-run.ts';

const now = new Date('2026-01-30T04:30:00Z');
const reported: OutageEvent = {
  eventId: '019c0d6e-0000-7000-8000-000000000001',
  type: 'OutageReported',
  occurredAt: now,
  aggregateId: '019c0d6e-0000-7000-8000-000000000002',
  version: 1,
  kind: 'unplanned',
  status: 'open',
  cause: 'line-fault',
  nodeIds: ['F-1203'],
  startsAt: new Date('2026-01-30T04:20:00Z'),
  estimatedRestorationAt: new Date('2026-01-30T08:30:00Z'),
  restoredAt: null,
};

describe('plan run', () => {
  test('tells a cut until its return time has come', () => {
    expect(planRun(reported, now)).toEqual({
      threadId: `outage:${reported.aggregateId}`,
      revision: 1,
      kind: 'unplanned',
      lane: 1,
      facts: {
        outageKind: 'unplanned',
        cause: 'line-fault',
        startsAt: reported.startsAt,
        estimatedRestorationAt: reported.estimatedRestorationAt,
        restoredAt: null,
      },
      notAfter: reported.estimatedRestorationAt,
      isHeld: false,
    });
  });

  test('tells the return of supply for two hours', () => {
    const restoredAt = new Date('2026-01-30T04:25:00Z');

    const plan = planRun({ ...reported, type: 'SupplyRestored', status: 'restored', restoredAt }, now);

    expect(plan).toMatchObject({ kind: 'restored', lane: 2, notAfter: new Date('2026-01-30T06:30:00Z') });
  });

  test.each([
    ['PlannedOutageAnnounced', 'planned', 3],
    ['RestorationEstimateChanged', 'estimate', 2],
  ] as const)('makes of %s a run of kind %s', (type, kind, lane) => {
    expect(planRun({ ...reported, type }, now)).toMatchObject({ kind, lane });
  });

  test('holds news that is heard too late', () => {
    const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

    expect(planRun(reported, later(LATE_NEWS_MINUTES))?.isHeld).toBe(false);
    expect(planRun(reported, later(LATE_NEWS_MINUTES + 1))?.isHeld).toBe(true);
  });

  test('tells nobody of an event type it does not know', () => {
    expect(planRun({ ...reported, type: 'CrewAssigned' as OutageEvent['type'] }, now)).toBeNull();
  });
});
