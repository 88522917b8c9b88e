import { describe, expect, test } from '@jest/globals';
import { decideCase } from '@bijli/testing';
import {
  announce,
  announceApproved,
  approve,
  approved,
  at,
  begun,
  cancel,
  cancelled,
  confirm,
  draft,
  draftWork,
  dropped,
  estimate,
  extend,
  minutes,
  now,
  open,
  pending,
  planned,
  reopen,
  report,
  reschedule,
  restore,
  restoreNodes,
  restored,
  start,
  started,
  told,
  undo,
  undoable,
  untold,
} from '../../test/an-outage.ts';
import type { OutageCommand } from './commands.ts';
import { decide } from './decide.ts';
import type { RejectionCode } from './decision.ts';
import type { Outage } from './outage.ts';
import { refusalWords } from './refusal-words.ts';

const outage = decideCase(decide);
const changeTo = (estimatedRestorationAt: Date, basedOn: number | null = null) =>
  estimate({ estimatedRestorationAt, basedOn });
const energised = (nodeIds: readonly string[], energisedAt: Date) => ({ energisedNodeIds: nodeIds, energisedAt });

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
    const reported: Outage = {
      ...{ ...open, version: 1, startsAt: now, estimatedRestorationAt: at(3), estimateSource: 'cause-default' },
    };

    outage
      .given(null)
      .when({ ...report, startedAt: null, estimatedRestorationAt: null }, now)
      .then(told('OutageReported', reported));
  });

  test('says whom its estimate comes from', () => {
    outage
      .given(null)
      .when({ ...report, estimateSource: 'crew' }, now)
      .then(told('OutageReported', { ...open, version: 1, estimateSource: 'crew' }));
    outage
      .given(open)
      .when(estimate({ estimatedRestorationAt: at(2), estimateSource: 'storm' }), now)
      .then(told('RestorationEstimateChanged', { ...open, version: 4, estimateSource: 'storm' }));
  });

  describe('that is heard late', () => {
    const said = at(-0.5);
    const saidThen = { occurredAt: said };

    test('began when it was said, while what is still to come counts from now', () => {
      const reported: Outage = {
        ...{ ...open, version: 1, startsAt: said, estimatedRestorationAt: at(3), estimateSource: 'cause-default' },
      };

      outage
        .given(null)
        .when({ ...report, saidAt: said, startedAt: null, estimatedRestorationAt: null }, now)
        .then(told('OutageReported', reported, saidThen));
    });

    test('is over since it was said', () => {
      outage
        .given(open)
        .when(restore({ saidAt: said }), now)
        .then(
          told(
            'SupplyRestored',
            { ...open, version: 4, status: 'restored', restoredAt: said },
            { ...saidThen, ...energised(['F-1'], said) },
          ),
        );
    });

    test('is over when it began, where the clock of who said it is slow', () => {
      const began = at(-0.4);

      outage
        .given({ ...open, startsAt: began })
        .when(restore({ saidAt: said }), now)
        .then(
          told(
            'SupplyRestored',
            { ...open, version: 4, status: 'restored', startsAt: began, restoredAt: began },
            { ...saidThen, ...energised(['F-1'], began) },
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
        .when(restore({ saidAt: at(1) }), now)
        .then(
          told('SupplyRestored', { ...open, version: 4, status: 'restored', restoredAt: now }, energised(['F-1'], now)),
        );
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
      .then(told('PlannedWorkRescheduled', { ...planned, version: 2, estimatedRestorationAt: at(29) }));
    outage
      .given(begun)
      .when(changeTo(at(20)), now)
      .then(told('PlannedWorkRescheduled', { ...begun, version: 2, estimatedRestorationAt: at(20) }));
    outage
      .given(started)
      .when(changeTo(at(20)), now)
      .then(told('PlannedWorkExtended', { ...started, version: 3, estimatedRestorationAt: at(20) }));
  });

  test('restores a cut, and planned work that has begun', () => {
    outage
      .given(open)
      .when(restore({ restoredAt: at(-0.5) }), now)
      .then(
        told(
          'SupplyRestored',
          { ...open, version: 4, status: 'restored', restoredAt: at(-0.5) },
          energised(['F-1'], at(-0.5)),
        ),
      );
    for (const given of [begun, started])
      outage
        .given(given)
        .when(restore(), now)
        .then(
          told(
            'SupplyRestored',
            { ...given, version: given.version + 1, status: 'restored', restoredAt: now },
            energised(['F-1', 'F-2'], now),
          ),
        );
  });

  test('restores at the very instant it began', () => {
    const { startsAt } = open;

    outage
      .given(open)
      .when(restore({ restoredAt: startsAt }), now)
      .then(
        told(
          'SupplyRestored',
          { ...open, version: 4, status: 'restored', restoredAt: startsAt },
          energised(['F-1'], startsAt),
        ),
      );
  });

  const many = Array.from({ length: 2_001 }, (_none, index) => `N-${index}`);
  const pointAt = (...places: string[]) => ({ places });
  const waitsForUndo = {
    ...planned,
    pending: [pending({ type: 'PlannedWorkCancelled', reason: 'undo-window' })],
  };
  type Refused = [what: string, given: Outage | null, command: OutageCommand, code: RejectionCode, pointed?: object];
  const refusals: Refused[] = [
    ['work that starts now', null, { ...announce, startsAt: now }, 'starts-in-the-past'],
    ['work in ten years', null, { ...announce, startsAt: at(87_600), endsAt: at(87_601) }, 'starts-too-far-ahead'],
    ['work that ends before it starts', null, { ...announce, endsAt: at(25) }, 'ends-before-start'],
    ['work of no length', null, { ...announce, endsAt: announce.startsAt }, 'ends-before-start'],
    ['work of more than 24 h', null, { ...announce, endsAt: at(50.01) }, 'window-too-long'],
    ['a report from the future', null, { ...report, startedAt: at(0.001) }, 'started-in-the-future'],
    ['a report of the day before yesterday', null, { ...report, startedAt: at(-24.01) }, 'started-too-long-ago'],
    ['an estimate in the past', null, { ...report, estimatedRestorationAt: now }, 'estimate-in-the-past'],
    ['an estimate in ten years', null, { ...report, estimatedRestorationAt: at(87_600) }, 'estimate-too-far-ahead'],
    ['no node', null, { ...report, nodeIds: [] }, 'node-count', pointAt('nodeIds')],
    ['2,001 nodes', null, { ...report, nodeIds: many }, 'node-count', pointAt('nodeIds')],
    ['2,001 excepted nodes', null, { ...report, exceptNodeIds: many }, 'node-count', pointAt('exceptNodeIds')],
    ['a node twice', null, { ...report, nodeIds: ['F-1', 'F-1'] }, 'duplicate-node', pointAt('nodeIds')],
    [
      'an excepted node twice',
      null,
      { ...report, exceptNodeIds: ['DT-1', 'DT-1'] },
      'duplicate-node',
      pointAt('exceptNodeIds'),
    ],
    [
      'a node that the network does not have',
      null,
      { ...report, unknownNodes: ['nodeIds.0'] },
      'unknown-node',
      pointAt('nodeIds.0'),
    ],
    [
      'excepted nodes that are not below',
      null,
      { ...report, exceptNodeIds: ['DT-1', 'DT-4', 'S-1'] },
      'not-below',
      pointAt('exceptNodeIds.1', 'exceptNodeIds.2'),
    ],
    ['a report that excepts all', null, { ...report, exceptNodeIds: ['F-1'] }, 'excludes-everything'],
    [
      'a node that is out already',
      null,
      { ...announce, alreadyOutIn: 'another' },
      'already-out',
      { outageId: 'another' },
    ],
    ['to announce what exists', planned, announce, 'already-exists'],
    ['to draft what exists', planned, draftWork(), 'already-exists'],
    ['to report what exists', open, report, 'already-exists'],
    ['to report other nodes under an id that exists', restored, { ...report, nodeIds: ['F-2'] }, 'already-exists'],
    ['an estimate for nothing', null, changeTo(at(1)), 'no-such-outage'],
    ['an estimate in the past for an open outage', open, changeTo(at(-1)), 'estimate-in-the-past'],
    ['an estimate beyond 7 days', open, changeTo(at(168.01)), 'estimate-too-far-ahead'],
    ['planned work moved beyond 24 h', planned, changeTo(at(50.01)), 'window-too-long'],
    ['planned work moved to end before it starts', planned, changeTo(at(26)), 'ends-before-start'],
    ['an estimate after the restoration', restored, changeTo(at(1)), 'already-restored'],
    ['an estimate based on an older version', open, changeTo(at(4), 2), 'stale-version'],
    ['an estimate of a draft', draft, changeTo(at(29)), 'not-announced'],
    ['to restore nothing', null, restore(), 'no-such-outage'],
    ['to restore twice', restored, restore({ basedOn: 2 }), 'already-restored'],
    ['to restore what was cancelled', cancelled, restore(), 'already-cancelled'],
    ['to restore what was dropped', dropped, restore(), 'already-dropped'],
    ['to restore a draft', draft, restore(), 'not-announced'],
    ['restoration of planned work before it began', planned, restore(), 'not-begun'],
    ['restoration before the beginning', open, restore({ restoredAt: at(-1.01) }), 'restored-before-start'],
    ['restoration in the future', open, restore({ restoredAt: at(0.001) }), 'restored-in-the-future'],
    ['restoration based on an older version', open, restore({ basedOn: 2 }), 'stale-version'],
    ['a step of nothing', null, restoreNodes({ nodeIds: ['DT-1'] }), 'no-such-outage'],
    [
      'a step at a node of another feeder',
      open,
      restoreNodes({ nodeIds: ['DT-1', 'DT-4'] }),
      'not-in-outage',
      pointAt('nodeIds.1'),
    ],
    ['a step above the outage', open, restoreNodes({ nodeIds: ['S-1'] }), 'not-in-outage', pointAt('nodeIds.0')],
    [
      'a step that is done',
      { ...open, nodeIds: ['DT-2', 'DT-3'], ownNodeIds: ['F-1'] },
      restoreNodes({ nodeIds: ['DT-1'] }),
      'already-energised',
      pointAt('nodeIds.0'),
    ],
    [
      'a step that excepts what has supply',
      { ...open, nodeIds: ['DT-2', 'DT-3'], ownNodeIds: ['F-1'] },
      restoreNodes({ nodeIds: ['F-1'], exceptNodeIds: ['DT-1'] }),
      'already-energised',
      pointAt('exceptNodeIds.0'),
    ],
    [
      'a step at a node that was excepted',
      { ...open, opened: { nodeIds: ['F-1'], exceptNodeIds: ['DT-1'] }, nodeIds: ['DT-2', 'DT-3'] },
      restoreNodes({ nodeIds: ['DT-1'] }),
      'not-in-outage',
      pointAt('nodeIds.0'),
    ],
    [
      'a step that excepts all',
      open,
      restoreNodes({ nodeIds: ['F-1'], exceptNodeIds: ['F-1'] }),
      'excludes-everything',
    ],
    [
      'a step that takes more than 2,000 nodes to say',
      { ...open, opened: { nodeIds: [...many, 'F-1'], exceptNodeIds: [] }, nodeIds: [...many.slice(2), 'F-1'] },
      restoreNodes({ nodeIds: ['DT-1'] }),
      'too-many-parts',
    ],
    ['a step at a node twice', open, restoreNodes({ nodeIds: ['DT-1', 'DT-1'] }), 'duplicate-node', pointAt('nodeIds')],
    ['a step before the work began', planned, restoreNodes({ nodeIds: ['DT-1'] }), 'not-begun'],
    ['a step of what is over', restored, restoreNodes({ nodeIds: ['DT-1'] }), 'already-restored'],
    ['a draft of work in the past', null, draftWork({ startsAt: at(-1) }), 'starts-in-the-past'],
    ['approval of a cut', open, approve(), 'not-planned'],
    ['approval of what is announced', planned, approve(), 'not-a-draft'],
    ['approval by the drafter', draft, approve({ approvedBy: '  asha  VERMA' }), 'same-person'],
    ['an announcement of a draft', draft, announceApproved(), 'not-approved'],
    ['a second announcement', planned, announceApproved(), 'not-approved'],
    ['an approved announcement too late', { ...approved, startsAt: at(-1) }, announceApproved(), 'starts-in-the-past'],
    ['the start of a draft', draft, start(), 'not-announced'],
    ['a second start', started, start(), 'already-begun'],
    ['a start to come', planned, start({ startedAt: at(1) }), 'started-in-the-future'],
    ['a start after the end', { ...begun, estimatedRestorationAt: at(-1) }, start(), 'ends-before-start'],
    ['a start a day before its time', planned, start(), 'window-too-long'],
    ['a new window for a draft', draft, reschedule({ endsAt: at(29) }), 'not-announced'],
    ['a new window for what has started', started, reschedule({ endsAt: at(2) }), 'already-begun'],
    ['a new start for what has begun', begun, reschedule({ startsAt: at(2), endsAt: at(4) }), 'already-begun'],
    ['a new start in the past', planned, reschedule({ startsAt: at(-1) }), 'starts-in-the-past'],
    [
      'a new window on a node that is out then',
      planned,
      reschedule({ startsAt: at(27), alreadyOutIn: 'another' }),
      'already-out',
      { outageId: 'another' },
    ],
    ['an extension before the start', planned, extend({ endsAt: at(31) }), 'not-begun'],
    ['an extension to the past', started, extend({ endsAt: at(-1) }), 'estimate-in-the-past'],
    ['an extension of a cut', open, extend({ endsAt: at(3) }), 'not-planned'],
    ['cancelling after the start', started, cancel(), 'already-begun'],
    ['cancelling when the start has come', begun, cancel(), 'already-begun'],
    ['cancelling twice', cancelled, cancel(), 'already-cancelled'],
    ['cancelling a cut', open, cancel(), 'not-planned'],
    ['another change while one can be undone', waitsForUndo, { ...cancel(), wait: undoable }, 'change-pending'],
    ['to undo what was told', planned, undo(), 'nothing-to-undo'],
    ['to confirm what was told', open, confirm(), 'nothing-to-confirm'],
    ['to open again what is open', open, reopen(), 'not-restored'],
    ['to open again what was cancelled', cancelled, reopen(), 'already-cancelled'],
    ['to open again after 10 minutes', { ...restored, restoredAt: minutes(-10.01) }, reopen(), 'restored-too-long-ago'],
    ['to open again where it is out', restored, reopen({ alreadyOutIn: 'x' }), 'already-out', { outageId: 'x' }],
  ];

  test('takes the estimate that there is, and changes nothing', () => {
    outage
      .given(open)
      .when(changeTo(at(2)), now)
      .then(untold(open));
  });

  test.each(refusals)('refuses %s', (_what, given, command, code, pointed = {}) => {
    outage
      .given(given)
      .when(command, now)
      .then({ accepted: false, code, ...pointed });
  });

  test('has a refusal tested for each code', () => {
    expect(new Set(refusals.map(([, , , code]) => code))).toEqual(new Set(Object.keys(refusalWords)));
  });
});
