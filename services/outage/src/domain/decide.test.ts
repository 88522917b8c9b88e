import { describe, expect, test } from '@jest/globals';
import type { OutageEvent } from '@bijli/events';
import { decideCase } from '@bijli/testing';
import { decide } from './decide.ts';
import { refusalWords } from './refusal-words.ts';
import type { Outage, OutageCommand, RejectionCode } from './outage.ts';

const now = new Date('2026-01-30T08:00:00Z');
const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const id = '019c0d2c-0000-7000-8000-000000000001';
const eventId = '019c0d2c-0000-7000-8000-00000000000e';
const free = { unknownNodes: [], alreadyOutIn: null };

const announce = {
  type: 'announce-planned-work',
  outageId: id,
  eventId,
  nodeIds: ['F-1', 'F-2'],
  cause: 'maintenance',
  startsAt: at(26),
  endsAt: at(30),
  ...free,
} as const;
const report = {
  type: 'report-outage',
  outageId: id,
  eventId,
  nodeIds: ['F-1'],
  cause: 'tree-on-line',
  startedAt: at(-1),
  estimatedRestorationAt: at(2),
  ...free,
} as const;
const changeTo = (estimatedRestorationAt: Date, basedOn: number | null = null) =>
  ({ type: 'change-restoration-estimate', eventId, basedOn, estimatedRestorationAt }) as const;
const restore = (restoredAt: Date | null, basedOn: number | null = null) =>
  ({ type: 'restore-supply', eventId, basedOn, restoredAt }) as const;

const planned: Outage = {
  id,
  version: 1,
  kind: 'planned',
  status: 'announced',
  cause: 'maintenance',
  nodeIds: ['F-1', 'F-2'],
  startsAt: at(26),
  estimatedRestorationAt: at(30),
  restoredAt: null,
};
const begun: Outage = { ...planned, startsAt: at(-2), estimatedRestorationAt: at(1) };
const open: Outage = {
  id,
  version: 3,
  kind: 'unplanned',
  status: 'open',
  cause: 'tree-on-line',
  nodeIds: ['F-1'],
  startsAt: at(-1),
  estimatedRestorationAt: at(2),
  restoredAt: null,
};
const restored: Outage = { ...open, status: 'restored', restoredAt: now };

const outage = decideCase(decide);
const told = (type: OutageEvent['type'], { id: aggregateId, ...state }: Outage) => ({
  accepted: true as const,
  state: { id: aggregateId, ...state },
  events: [{ eventId, type, occurredAt: now, aggregateId, ...state }],
});

describe('outage', () => {
  test('announces planned work ahead of its start', () => {
    outage.given(null).when(announce, now).then(told('PlannedOutageAnnounced', planned));
  });

  test('reports a cut with its own beginning and estimate', () => {
    outage
      .given(null)
      .when(report, now)
      .then(told('OutageReported', { ...open, version: 1 }));
  });

  test('takes now, and the usual duration of the cause from now, where a report does not say', () => {
    const reported = { ...open, version: 1, startsAt: now, estimatedRestorationAt: at(3) };

    outage
      .given(null)
      .when({ ...report, startedAt: null, estimatedRestorationAt: null }, now)
      .then(told('OutageReported', reported));
  });

  describe('that is heard late', () => {
    const said = at(-0.5);
    const saidThen = (decision: ReturnType<typeof told>) => ({
      ...decision,
      events: decision.events.map((event) => ({ ...event, occurredAt: said })),
    });

    test('began when it was said, while what is still to come counts from now', () => {
      outage
        .given(null)
        .when({ ...report, saidAt: said, startedAt: null, estimatedRestorationAt: null }, now)
        .then(saidThen(told('OutageReported', { ...open, version: 1, startsAt: said, estimatedRestorationAt: at(3) })));
    });

    test('is over since it was said', () => {
      outage
        .given(open)
        .when({ ...restore(null), saidAt: said }, now)
        .then(saidThen(told('SupplyRestored', { ...open, version: 4, status: 'restored', restoredAt: said })));
    });

    test('is over when it began, where the clock of who said it is slow', () => {
      outage
        .given({ ...open, startsAt: at(-0.4) })
        .when({ ...restore(null), saidAt: said }, now)
        .then(
          saidThen(
            told('SupplyRestored', {
              ...{ ...open, version: 4, status: 'restored' },
              ...{ startsAt: at(-0.4), restoredAt: at(-0.4) },
            }),
          ),
        );
    });

    test('is refused when it was said too long ago', () => {
      outage
        .given(null)
        .when({ ...report, saidAt: at(-24.01), startedAt: null }, now)
        .then({ accepted: false, code: 'started-too-long-ago' });
    });

    test('is not dated later than now, whatever the clock of who said it', () => {
      outage
        .given(open)
        .when({ ...restore(null), saidAt: at(1) }, now)
        .then(told('SupplyRestored', { ...open, version: 4, status: 'restored', restoredAt: now }));
    });
  });

  test('moves the estimate', () => {
    outage
      .given(open)
      .when(changeTo(at(4), 3), now)
      .then(told('RestorationEstimateChanged', { ...open, version: 4, estimatedRestorationAt: at(4) }));
  });

  test('moves the end of planned work, before and after it began', () => {
    outage
      .given(planned)
      .when(changeTo(at(29)), now)
      .then(told('RestorationEstimateChanged', { ...planned, version: 2, estimatedRestorationAt: at(29) }));
    outage
      .given(begun)
      .when(changeTo(at(20)), now)
      .then(told('RestorationEstimateChanged', { ...begun, version: 2, estimatedRestorationAt: at(20) }));
  });

  test('restores a cut, and planned work that has begun', () => {
    outage
      .given(open)
      .when(restore(at(-0.5)), now)
      .then(told('SupplyRestored', { ...open, version: 4, status: 'restored', restoredAt: at(-0.5) }));
    outage
      .given(begun)
      .when(restore(null), now)
      .then(told('SupplyRestored', { ...begun, version: 2, status: 'restored', restoredAt: now }));
  });

  test('restores at the very instant it began', () => {
    outage
      .given(open)
      .when(restore(open.startsAt), now)
      .then(told('SupplyRestored', { ...open, version: 4, status: 'restored', restoredAt: open.startsAt }));
  });

  const refusals: [what: string, given: Outage | null, command: OutageCommand, code: RejectionCode][] = [
    ['work that starts now', null, { ...announce, startsAt: now }, 'starts-in-the-past'],
    ['work in ten years', null, { ...announce, startsAt: at(87_600), endsAt: at(87_601) }, 'starts-too-far-ahead'],
    ['work that ends before it starts', null, { ...announce, endsAt: at(25) }, 'ends-before-start'],
    ['work of no length', null, { ...announce, endsAt: announce.startsAt }, 'ends-before-start'],
    ['work of more than 24 h', null, { ...announce, endsAt: at(50.01) }, 'window-too-long'],
    ['a report from the future', null, { ...report, startedAt: at(0.001) }, 'started-in-the-future'],
    ['a report of the day before yesterday', null, { ...report, startedAt: at(-24.01) }, 'started-too-long-ago'],
    ['an estimate in the past', null, { ...report, estimatedRestorationAt: now }, 'estimate-in-the-past'],
    ['an estimate in ten years', null, { ...report, estimatedRestorationAt: at(87_600) }, 'estimate-too-far-ahead'],
    ['no node', null, { ...report, nodeIds: [] }, 'node-count'],
    [
      '2,001 nodes',
      null,
      { ...report, nodeIds: Array.from({ length: 2_001 }, (_none, index) => `N-${index}`) },
      'node-count',
    ],
    ['a node twice', null, { ...report, nodeIds: ['F-1', 'F-1'] }, 'duplicate-node'],
    ['a node that the network does not have', null, { ...report, unknownNodes: [0] }, 'unknown-node'],
    ['a node that is out already', null, { ...announce, alreadyOutIn: 'another' }, 'already-out'],
    ['to announce what exists', planned, announce, 'already-exists'],
    ['to report what exists', open, report, 'already-exists'],
    ['an estimate for nothing', null, changeTo(at(1)), 'no-such-outage'],
    ['an estimate in the past for an open outage', open, changeTo(at(-1)), 'estimate-in-the-past'],
    ['an estimate beyond 7 days', open, changeTo(at(168.01)), 'estimate-too-far-ahead'],
    ['planned work moved beyond 24 h', planned, changeTo(at(50.01)), 'window-too-long'],
    ['planned work moved to end before it starts', planned, changeTo(at(26)), 'ends-before-start'],
    ['an estimate after the restoration', restored, changeTo(at(1)), 'already-restored'],
    ['an estimate based on an older version', open, changeTo(at(4), 2), 'stale-version'],
    ['to restore nothing', null, restore(null), 'no-such-outage'],
    ['to restore twice', restored, restore(null, 2), 'already-restored'],
    ['restoration of planned work before it began', planned, restore(null), 'not-begun'],
    ['restoration before the beginning', open, restore(at(-1.01)), 'restored-before-start'],
    ['restoration in the future', open, restore(at(0.001)), 'restored-in-the-future'],
    ['restoration based on an older version', open, restore(null, 2), 'stale-version'],
  ];

  test('takes the estimate that there is, and changes nothing', () => {
    outage
      .given(open)
      .when(changeTo(at(2)), now)
      .then({ accepted: true, state: open, events: [] });
  });

  test.each(refusals)('refuses %s', (_what, given, command, code) => {
    outage.given(given).when(command, now).then({ accepted: false, code });
  });

  test('has a refusal tested for each code', () => {
    expect(new Set(refusals.map(([, , , code]) => code))).toEqual(new Set(Object.keys(refusalWords)));
  });
});
