import { type OutageEvent, outageEventValues } from '@bijli/events';
import { describe, expect, test } from '@jest/globals';
import { LATE_NEWS_MINUTES, planRun } from './plan-run.ts';

const now = new Date('2026-01-30T04:30:00Z');
const inAnHour = new Date('2026-01-30T05:30:00Z');
const KNOWN_TYPES = outageEventValues.type;
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
  ownNodeIds: [],
  energisedNodeIds: [],
  energisedAt: null,
  estimateSource: null,
};

describe('plan run', () => {
  test('tells a cut until a day after its return time', () => {
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
        saidAt: reported.occurredAt,
      },
      notAfter: new Date('2026-01-31T08:30:00Z'),
      isHeld: false,
    });
  });

  test('tells a cut whose return time is past for a day from now on', () => {
    const estimatedRestorationAt = new Date(now.getTime() - 3_600_000);

    expect(planRun({ ...reported, estimatedRestorationAt }, now).notAfter).toEqual(
      new Date(now.getTime() + 86_400_000),
    );
  });

  test('tells a window until it is past', () => {
    const event = { ...reported, kind: 'planned' as const, status: 'announced' as const };

    expect(planRun(event, now).notAfter).toEqual(reported.estimatedRestorationAt);
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

    expect(planRun(reported, later(LATE_NEWS_MINUTES)).isHeld).toBe(false);
    expect(planRun(reported, later(LATE_NEWS_MINUTES + 1)).isHeld).toBe(true);
  });

  test('tells each type of outage as this table says', () => {
    const toldAs: Record<OutageEvent['type'], string> = {
      PlannedOutageAnnounced: 'planned',
      OutageReported: 'unplanned',
      RestorationEstimateChanged: 'estimate',
      SupplyRestored: 'restored',
      PlannedWorkStarted: 'estimate',
      PlannedWorkExtended: 'estimate',
      PlannedWorkRescheduled: 'estimate',
      PlannedWorkCancelled: 'estimate',
      SupplyPartlyRestored: 'estimate',
      OutageReopened: 'estimate',
    };

    expect(KNOWN_TYPES.toSorted()).toEqual(Object.keys(toldAs).toSorted());
    for (const type of KNOWN_TYPES) {
      const restoredAt = type === 'SupplyRestored' ? reported.occurredAt : null;
      const version = type === 'PlannedOutageAnnounced' || type === 'OutageReported' ? 1 : 2;
      expect(planRun({ ...reported, type, restoredAt, version }, now).kind).toBe(toldAs[type]);
    }
  });

  const types = [...KNOWN_TYPES, 'OutageCancelled', 'OutageRescheduled', 'StepRestored', ''];
  const statuses = ['announced', 'open', 'restored', 'cancelled', 'partly-restored', ''];
  const restorations = [null, new Date('2026-01-30T04:25:00Z')];
  const events = types.flatMap((type) =>
    statuses.flatMap((status) =>
      restorations.flatMap((restoredAt) =>
        [1, 2].map((version) => ({ ...reported, type, status, restoredAt, version }) as OutageEvent),
      ),
    ),
  );

  test('tells that supply is back exactly when the event says since when, whatever its type and status', () => {
    for (const event of events) expect(planRun(event, now).kind === 'restored').toBe(event.restoredAt !== null);
  });

  test('tells that supply is off exactly of an outage that is announced or open', () => {
    const isOff = (event: OutageEvent) =>
      event.restoredAt === null && (event.status === 'announced' || event.status === 'open');
    for (const event of events)
      expect(/^(planned|unplanned|estimate)$/.test(planRun(event, now).kind)).toBe(isOff(event));
  });

  test('ends without a text whatever is neither off nor back', () => {
    const ended = events.filter((event) => planRun(event, now).kind === 'ended');

    expect(new Set(ended.map(({ status }) => String(status)))).toEqual(
      new Set(['restored', 'cancelled', 'partly-restored', '']),
    );
    expect(ended.some(({ restoredAt }) => restoredAt !== null)).toBe(false);
    expect(planRun({ ...reported, status: 'cancelled' } as unknown as OutageEvent, inAnHour).isHeld).toBe(false);
  });

  test.each([
    [1, 'unplanned', 'open', 'unplanned', 'unplanned'],
    [1, 'planned', 'announced', 'planned', 'planned'],
    [2, 'planned', 'announced', 'estimate', 'planned'],
    [2, 'unplanned', 'open', 'estimate', 'unplanned'],
    [1, 'rostered', 'announced', 'planned', 'planned'],
    [1, 'rostered', 'open', 'unplanned', 'unplanned'],
    [2, 'rostered', 'announced', 'estimate', 'planned'],
  ])('makes of an unknown type in version %d of a %s outage that is %s a run of kind %s', (...row) => {
    const [version, kind, status, runKind, outageKind] = row;
    const event = { ...reported, type: 'OutageRescheduled', version, kind, status } as unknown as OutageEvent;

    expect(planRun(event, now)).toMatchObject({ kind: runKind, revision: version, facts: { outageKind } });
  });
});
