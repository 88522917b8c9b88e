import type { OutageEvent } from '@bijli/events';
import { type ChangingCommand, isMachines, type OpeningCommand, saidAt, type Wait } from './commands.ts';
import { type OutageDecision, refuse, untold } from './decision.ts';
import { isSameNamed, type NamedNodes } from './off-nodes.ts';
import type { Outage, PendingChange, Status } from './outage.ts';

/** What may wait, by the reason: everything else is told at once. */
const WAITING: Readonly<Record<Wait['reason'], ReadonlySet<OutageEvent['type']>>> = {
  'undo-window': new Set(['PlannedOutageAnnounced', 'PlannedWorkRescheduled', 'PlannedWorkCancelled']),
  'hold-down': new Set(['OutageReported', 'OutageReopened', 'SupplyPartlyRestored', 'SupplyRestored']),
};
/** What an outage is until its first event is told. */
const untoldStatus = (type: OutageEvent['type']): Status => (type === 'OutageReported' ? 'unconfirmed' : 'approved');
/** A command that is to wait. */
type Waiting = (OpeningCommand | ChangingCommand) & { readonly wait: Wait };

/**
 * Makes of a decision that would be told at once one that waits: the outage stays as it is, with the change pending. One person's change may
 * wait at a time; what a machine says again while it waits changes nothing.
 */
export function holdBack(outage: Outage | null, decision: OutageDecision, command: Waiting, now: Date): OutageDecision {
  const { reason } = command.wait;
  if (!decision.accepted) return decision;
  const [event] = decision.events;
  if (event === undefined || !WAITING[reason].has(event.type)) return decision;
  const before = outage?.pending.filter((each) => each.reason === reason) ?? [];
  if (reason === 'undo-window' && before.length > 0) return refuse('change-pending');
  const change = pendingOf(event, command, now);
  if (outage !== null && before.some((each) => each.type === change.type && isSameNamed(each, change)))
    return untold(outage);
  const waiting: Outage =
    outage === null || outage.version === 0
      ? { ...decision.state, version: 0, status: untoldStatus(event.type), isConfirmed: !isMachines(command) }
      : outage;
  return untold({ ...waiting, pending: [...waiting.pending, change] });
}

/** The change that the event would have made. */
function pendingOf(event: OutageEvent, command: Waiting, now: Date): PendingChange {
  const { reason, ms, traceparent } = command.wait;
  const isReopened = event.type === 'OutageReopened';
  const isEstimate = isReopened || event.type === 'PlannedWorkRescheduled';
  const estimateSource = isEstimate ? event.estimateSource : null;
  return {
    type: command.type === 'restore-nodes' ? 'SupplyPartlyRestored' : event.type,
    ...{ reason, ...namedIn(event, command), cause: isReopened ? event.cause : null },
    ...{ startsAt: startOf(event, command), restoredAt: event.energisedAt },
    ...{ estimatedRestorationAt: isEstimate ? event.estimatedRestorationAt : null, estimateSource },
    ...{ saidAt: saidAt(command, now), takenAt: now, dueAt: new Date(now.getTime() + ms), traceparent },
  };
}

/** The nodes of a new outage are its own; those of a change are the change's. */
function namedIn({ version }: OutageEvent, command: Waiting): NamedNodes {
  if (version === 1 || !('nodeIds' in command)) return { nodeIds: [], exceptNodeIds: [] };
  return { nodeIds: command.nodeIds, exceptNodeIds: command.exceptNodeIds };
}

function startOf({ type, startsAt }: OutageEvent, command: Waiting): Date | null {
  if (type === 'PlannedWorkRescheduled') return startsAt;
  return type === 'OutageReopened' && 'startedAt' in command ? command.startedAt : null;
}
