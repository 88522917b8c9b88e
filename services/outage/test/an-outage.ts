import type { OutageEvent } from '@bijli/events';
import type { AnnouncePlannedWork, OutageCommand, ReportOutage } from '../src/domain/commands.ts';
import type { OutageDecision } from '../src/domain/decision.ts';
import { networkOf } from '../src/domain/network.ts';
import type { Outage, PendingChange } from '../src/domain/outage.ts';

export const now = new Date('2026-01-30T08:00:00Z');
/** So many hours from now. */
export function at(hours: number): Date {
  return new Date(now.getTime() + hours * 3_600_000);
}
/** So many minutes from now. */
export function minutes(count: number): Date {
  return at(count / 60);
}
const id = '019c0d2c-0000-7000-8000-000000000001';
const eventId = '019c0d2c-0000-7000-8000-00000000000e';

/** S-1 feeds F-1 and F-2, F-1 feeds DT-1 to DT-3, F-2 feeds DT-4. */
export const network = networkOf([
  { code: 'S-1', parentCode: null },
  { code: 'F-1', parentCode: 'S-1' },
  { code: 'F-2', parentCode: 'S-1' },
  ...['DT-1', 'DT-2', 'DT-3'].map((code) => ({ code, parentCode: 'F-1' })),
  { code: 'DT-4', parentCode: 'F-2' },
]);
const free = { unknownNodes: [], alreadyOutIn: null, network };
const nobody = { draftedBy: null, approvedBy: null, isConfirmed: true, pending: [] };
const named = (...nodeIds: string[]) => ({ opened: { nodeIds, exceptNodeIds: [] }, nodeIds, ownNodeIds: [] });

/** Planned work that starts in 26 hours and lasts four. */
export const planned: Outage = {
  ...{ id, version: 1, kind: 'planned', status: 'announced', cause: 'maintenance', ...named('F-1', 'F-2') },
  ...{ startsAt: at(26), estimatedRestorationAt: at(30), estimateSource: 'control-room', restoredAt: null, ...nobody },
};
/** Planned work whose time has come, and nobody has noticed. */
export const begun: Outage = { ...planned, startsAt: at(-2), estimatedRestorationAt: at(1) };
export const started: Outage = { ...begun, version: 2, status: 'open' };
export const draft: Outage = { ...planned, version: 0, status: 'draft', draftedBy: 'Asha Verma' };
export const approved: Outage = { ...draft, status: 'approved', approvedBy: 'Ravi Kumar' };
export const cancelled: Outage = { ...planned, version: 2, status: 'cancelled' };

export const open: Outage = {
  ...{ id, version: 3, kind: 'unplanned', status: 'open', cause: 'tree-on-line', ...named('F-1') },
  ...{ startsAt: at(-1), estimatedRestorationAt: at(2), estimateSource: 'control-room', restoredAt: null, ...nobody },
};
export const restored: Outage = { ...open, status: 'restored', restoredAt: now };
export const dropped: Outage = { ...open, version: 0, status: 'dropped' };

export const announce: AnnouncePlannedWork = {
  ...{ type: 'announce-planned-work', outageId: id, eventId, nodeIds: ['F-1', 'F-2'], exceptNodeIds: [] },
  ...{ cause: 'maintenance', startsAt: at(26), endsAt: at(30), estimateSource: 'control-room', ...free },
};
export const report: ReportOutage = {
  ...{ type: 'report-outage', outageId: id, eventId, nodeIds: ['F-1'], exceptNodeIds: [], cause: 'tree-on-line' },
  ...{ startedAt: at(-1), estimatedRestorationAt: at(2), estimateSource: 'control-room', ...free },
};

type Given<Command> = Partial<Omit<Command, 'type'>>;
type Of<T extends OutageCommand['type']> = Extract<OutageCommand, { type: T }>;
/** A command as it is most of the time; what is given is otherwise. */
function change<T extends OutageCommand['type']>(type: T, usual: object) {
  return (given: Given<Of<T>> = {}): Of<T> =>
    ({ type, eventId, basedOn: null, ...free, ...usual, ...given }) as unknown as Of<T>;
}
export function draftWork(given: Given<Of<'draft-planned-work'>> = {}): Of<'draft-planned-work'> {
  return { ...announce, type: 'draft-planned-work', draftedBy: 'Asha Verma', ...given };
}
export const approve = change('approve-planned-work', { approvedBy: 'Ravi Kumar' });
export const announceApproved = change('announce-approved-work', {});
export const start = change('start-planned-work', { startedAt: null });
export const reschedule = change('reschedule-planned-work', {
  ...{ startsAt: null, endsAt: null, estimateSource: 'control-room' },
});
export const extend = change('extend-planned-work', { endsAt: at(2), estimateSource: 'control-room' });
export const cancel = change('cancel-planned-work', {});
export const estimate = change('change-restoration-estimate', { estimateSource: 'control-room' });
export const restore = change('restore-supply', { restoredAt: null });
export const restoreNodes = change('restore-nodes', { nodeIds: [], exceptNodeIds: [], restoredAt: null });
export const reopen = change('reopen-outage', {
  ...{ nodeIds: [], exceptNodeIds: [], startedAt: null, cause: null },
  ...{ estimatedRestorationAt: null, estimateSource: 'control-room' },
});
export const confirm = change('confirm-outage', {});
export const undo = change('undo-change', {});
export const passTime: OutageCommand = { type: 'pass-time', eventId, network };

const MINUTE_MS = 60_000;
export const undoable = { reason: 'undo-window', ms: 10_000, traceparent: null } as const;
export const unconfirmed = { reason: 'hold-down', ms: 5 * MINUTE_MS, traceparent: null } as const;

/** A change that waits since now; what is given is what it changes. */
export function pending(given: Partial<PendingChange> & Pick<PendingChange, 'type' | 'reason'>): PendingChange {
  const ms = given.reason === 'undo-window' ? undoable.ms : unconfirmed.ms;
  return {
    ...{ nodeIds: [], exceptNodeIds: [], cause: null, startsAt: null, estimatedRestorationAt: null },
    ...{ estimateSource: null, restoredAt: null, saidAt: now, takenAt: now, dueAt: new Date(now.getTime() + ms) },
    ...{ traceparent: null, ...given },
  };
}

/** Accepted, and told by one event of this type; `more` is what only the event says. */
export function told(type: OutageEvent['type'], state: Outage, more: Partial<OutageEvent> = {}) {
  const { id: aggregateId, opened, draftedBy, approvedBy, isConfirmed, pending: waiting, status, ...said } = state;
  return {
    accepted: true as const,
    state,
    events: [
      {
        ...{ eventId, type, occurredAt: now, aggregateId, status: status as OutageEvent['status'], ...said },
        ...{ energisedNodeIds: [], energisedAt: null, ...more },
      },
    ],
  };
}

/** Accepted, and nobody is told. */
export function untold(state: Outage): OutageDecision {
  return { accepted: true, state, events: [] };
}
