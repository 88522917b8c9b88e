import { describe, expect, test } from '@jest/globals';
import type { ControlRoomEvent } from '@bijli/events';
import { meaningOf } from './control-room-event.ts';

const ids = { outageId: '019c0d2c-0000-7000-8000-00000000000a', eventId: '019c0d2c-0000-7000-8000-00000000000b' };
const startsAt = new Date('2026-01-30T10:00:00Z');
const estimatedRestorationAt = new Date('2026-01-30T12:00:00Z');
const restoredAt = new Date('2026-01-30T11:00:00Z');
const saidAt = new Date('2026-01-30T11:00:05Z');

const bare: ControlRoomEvent = {
  eventId: '019c0d2c-0000-7000-8000-000000000001',
  type: 'OutageReported',
  occurredAt: saidAt,
  aggregateId: 'CR-2026-17',
  version: 1,
  cause: null,
  nodeIds: [],
  startsAt: null,
  estimatedRestorationAt: null,
  restoredAt: null,
  exceptNodeIds: [],
  estimateSource: null,
  isConfirmed: true,
};
const opening = { cause: 'storm', nodeIds: ['F-1203', 'F-1204'] };
const announced = { ...opening, type: 'PlannedOutageAnnounced', startsAt, estimatedRestorationAt } as const;
const reported = { ...opening, type: 'OutageReported' } as const;
const changed = { type: 'RestorationEstimateChanged', estimatedRestorationAt } as const;
const restored = { type: 'SupplyRestored' } as const;

describe('an event of the control room', () => {
  const named = { nodeIds: opening.nodeIds, exceptNodeIds: [] };
  const byControlRoom = { estimateSource: 'control-room' };
  const change = { eventId: ids.eventId, saidAt, basedOn: null };
  const commands: [string, Partial<ControlRoomEvent>, object][] = [
    [
      'announces planned work',
      announced,
      {
        ...{ type: 'announce-planned-work', ...opening, ...named, ...ids, saidAt },
        ...{ startsAt, endsAt: estimatedRestorationAt, ...byControlRoom },
      },
    ],
    [
      'reports a cut, as of when it is said',
      reported,
      {
        ...{ type: 'report-outage', ...opening, ...named, ...ids, saidAt },
        ...{ startedAt: null, estimatedRestorationAt: null, ...byControlRoom },
      },
    ],
    [
      'reports a cut of before, with its estimate and whose it is, on nodes without some below them',
      { ...reported, startsAt, estimatedRestorationAt, estimateSource: 'crew', exceptNodeIds: ['DT-1'] },
      {
        ...{ type: 'report-outage', ...opening, exceptNodeIds: ['DT-1'], ...ids, saidAt },
        ...{ startedAt: startsAt, estimatedRestorationAt, estimateSource: 'crew' },
      },
    ],
    [
      'changes the estimate',
      changed,
      { type: 'change-restoration-estimate', ...change, estimatedRestorationAt, ...byControlRoom },
    ],
    ['restores, as of when it is said', restored, { type: 'restore-supply', ...change, restoredAt: null }],
    ['restores, before', { ...restored, restoredAt }, { type: 'restore-supply', ...change, restoredAt }],
    ['starts work', { type: 'PlannedWorkStarted' }, { type: 'start-planned-work', ...change, startedAt: null }],
    [
      'extends work',
      { type: 'PlannedWorkExtended', estimatedRestorationAt },
      { type: 'extend-planned-work', ...change, endsAt: estimatedRestorationAt, ...byControlRoom },
    ],
    [
      'moves work',
      { type: 'PlannedWorkRescheduled', startsAt },
      { type: 'reschedule-planned-work', ...change, startsAt, endsAt: null, ...byControlRoom },
    ],
    ['cancels work', { type: 'PlannedWorkCancelled' }, { type: 'cancel-planned-work', ...change }],
    [
      'restores some nodes',
      { type: 'SupplyPartlyRestored', nodeIds: ['F-1203'], exceptNodeIds: ['DT-1'], restoredAt },
      { type: 'restore-nodes', ...change, nodeIds: ['F-1203'], exceptNodeIds: ['DT-1'], restoredAt },
    ],
    [
      'opens again',
      { type: 'OutageReopened', cause: 'storm' },
      {
        ...{ type: 'reopen-outage', ...change, nodeIds: [], exceptNodeIds: [], startedAt: null, cause: 'storm' },
        ...{ estimatedRestorationAt: null, ...byControlRoom },
      },
    ],
  ];

  test.each(commands)('%s', (_what, given, command) => {
    expect(meaningOf({ ...bare, ...given }, ids)).toEqual({ command });
  });

  test.each<[string, Partial<ControlRoomEvent>, string]>([
    ['an id of 101 characters', { ...reported, aggregateId: 'x'.repeat(101) }, 'aggregateId maximum'],
    ['an unknown type', { ...reported, type: 'OutageForgotten' as 'OutageReported' }, 'type choice'],
    ['a type that every object has', { ...reported, type: 'toString' as 'OutageReported' }, 'type choice'],
    ['an announcement without cause', { ...announced, cause: null }, 'cause required'],
    ['an announcement without nodes', { ...announced, nodeIds: [] }, 'nodeIds required'],
    ['an announcement without start', { ...announced, startsAt: null }, 'startsAt required'],
    ['an announcement without end', { ...announced, estimatedRestorationAt: null }, 'estimatedRestorationAt required'],
    ['an announcement of a restored outage', { ...announced, restoredAt }, 'restoredAt not-allowed'],
    ['a report without cause', { ...reported, cause: null }, 'cause required'],
    ['a report without nodes', { ...reported, nodeIds: [] }, 'nodeIds required'],
    ['a report of a restored outage', { ...reported, restoredAt }, 'restoredAt not-allowed'],
    ['a change without estimate', { ...changed, estimatedRestorationAt: null }, 'estimatedRestorationAt required'],
    ['a change of the cause', { ...changed, cause: 'storm' }, 'cause not-allowed'],
    ['a change of the nodes', { ...changed, nodeIds: ['F-1203'] }, 'nodeIds not-allowed'],
    ['a change of the start', { ...changed, startsAt }, 'startsAt not-allowed'],
    ['a change that restores', { ...changed, restoredAt }, 'restoredAt not-allowed'],
    ['a restoration with a cause', { ...restored, cause: 'storm' }, 'cause not-allowed'],
    ['a restoration of some nodes', { ...restored, nodeIds: ['F-1203'] }, 'nodeIds not-allowed'],
    ['a restoration with a start', { ...restored, startsAt }, 'startsAt not-allowed'],
    ['a restoration with an estimate', { ...restored, estimatedRestorationAt }, 'estimatedRestorationAt not-allowed'],
    ['a cause of no list', { ...reported, cause: 'monkeys' }, 'cause choice'],
    ['an empty cause', { ...reported, cause: '' }, 'cause choice'],
    ['a node that is no code', { ...reported, nodeIds: ['F-1203', 'F 1204'] }, 'nodeIds.1 format'],
    ['an excepted node that is no code', { ...reported, exceptNodeIds: ['DT 1'] }, 'exceptNodeIds.0 format'],
    ['a change with excepted nodes', { ...changed, exceptNodeIds: ['DT-1'] }, 'exceptNodeIds not-allowed'],
    ['a step without nodes', { type: 'SupplyPartlyRestored' }, 'nodeIds required'],
    ['a new window without one', { type: 'PlannedWorkRescheduled' }, 'startsAt required'],
    ['a cancellation with a time', { type: 'PlannedWorkCancelled', startsAt }, 'startsAt not-allowed'],
    ['a source of no estimate', { ...reported, estimateSource: 'crew' }, 'estimateSource not-allowed'],
    ['a source of no list', { ...changed, estimateSource: 'oracle' as 'crew' }, 'estimateSource choice'],
    ['a machine that announces', { ...announced, isConfirmed: false }, 'isConfirmed not-allowed'],
    ['a node of 41 characters', { ...reported, nodeIds: ['F'.repeat(41)] }, 'nodeIds.0 format'],
  ])('is refused: %s', (_what, given, expected) => {
    const meaning = meaningOf({ ...bare, ...given }, ids);

    expect('refusal' in meaning && `${meaning.refusal.field} ${meaning.refusal.rule}`).toBe(expected);
  });
});
