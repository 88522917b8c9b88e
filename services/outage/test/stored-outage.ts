import { newId } from '@bijli/units';
import type { Outage, PendingChange } from '../src/domain/outage.ts';

export const noon = Date.UTC(2026, 0, 30, 12);
/** So many hours after noon. */
export function at(hours: number): Date {
  return new Date(noon + hours * 3_600_000);
}

/** An outage as it may be stored. */
export function outage(given: Partial<Outage> = {}): Outage {
  return {
    id: newId(),
    version: 1,
    kind: 'unplanned',
    status: 'open',
    cause: 'storm',
    nodeIds: ['N-1'],
    ownNodeIds: [],
    opened: { nodeIds: given.nodeIds ?? ['N-1'], exceptNodeIds: [] },
    startsAt: at(0),
    estimatedRestorationAt: at(2),
    estimateSource: null,
    restoredAt: null,
    draftedBy: null,
    approvedBy: null,
    isConfirmed: true,
    pending: [],
    ...given,
  };
}

/** Of a change that waits, all that there can be. */
export const everything: Partial<PendingChange> = {
  ...{ reason: 'hold-down', nodeIds: ['N-2', 'N-1'], exceptNodeIds: ['N-3'], cause: 'storm', startsAt: at(1) },
  ...{ estimatedRestorationAt: at(2), estimateSource: 'storm', restoredAt: at(3) },
  ...{
    saidAt: at(4),
    takenAt: at(5),
    dueAt: at(6),
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  },
};

/** A change that waits. */
export function waiting(given: Partial<PendingChange>): PendingChange {
  return {
    ...{ type: 'PlannedWorkCancelled', reason: 'undo-window', nodeIds: [], exceptNodeIds: [], cause: null },
    ...{ startsAt: null, estimatedRestorationAt: null, estimateSource: null, restoredAt: null },
    ...{ saidAt: at(0), takenAt: at(0), dueAt: at(1), traceparent: null, ...given },
  };
}
