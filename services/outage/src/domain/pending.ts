import {
  type ChangingCommand,
  type ConfirmOutage,
  isMachines,
  type PassTime,
  type UndoChange,
  type Wait,
} from './commands.ts';
import { type OutageDecision, refuse, untold } from './decision.ts';
import type { Outage, PendingChange } from './outage.ts';
import { versionRefused } from './tell.ts';

/** Takes back the latest change that its person may still take back: nobody was told. An announcement that nobody drafted leaves nothing. */
export function undoChange(outage: Outage, command: UndoChange): OutageDecision {
  const last = outage.pending.findLast(({ reason }) => reason === 'undo-window');
  const code = versionRefused(outage, command) ?? (last === undefined ? 'nothing-to-undo' : null);
  if (code !== null) return refuse(code);
  const pending = outage.pending.filter((each) => each !== last);
  const isNothing = outage.version === 0 && outage.draftedBy === null;
  return untold({ ...outage, pending, status: isNothing ? 'dropped' : outage.status });
}

/** Makes what a machine said, and what waits for a person's word, due now; what was told on a machine's word stands on a person's. */
export function confirmOutage(outage: Outage, command: ConfirmOutage, now: Date): OutageDecision {
  const isUnlooked = ({ reason }: PendingChange): boolean => reason === 'hold-down';
  const isThere = !outage.isConfirmed || outage.pending.some(isUnlooked);
  const code = versionRefused(outage, command) ?? (isThere ? null : 'nothing-to-confirm');
  if (code !== null || outage.status === 'dropped') return refuse(code ?? 'nothing-to-confirm');
  const confirmed = { reason: 'confirmed', dueAt: now } as const;
  const pending = outage.pending.map((each) => (isUnlooked(each) ? { ...each, ...confirmed } : each));
  return untold({ ...outage, isConfirmed: true, pending });
}

/**
 * Accepts what says again what was told already: by a machine it changes nothing, by a person what only a machine had said stands on a person's
 * word. Null where a person had said it.
 */
export function saidAgain(outage: Outage, command: { readonly wait?: Wait }): OutageDecision | null {
  if (isMachines(command)) return untold(outage);
  return outage.isConfirmed ? null : untold({ ...outage, isConfirmed: true });
}

/** Says which command a change that waited is; a report is none, its outage is there. */
export function commandOf(change: PendingChange, { eventId, network }: PassTime): ChangingCommand | null {
  const { nodeIds, exceptNodeIds, cause, startsAt, estimatedRestorationAt, restoredAt } = change;
  const said = { eventId, basedOn: null, saidAt: change.saidAt };
  const around = { unknownNodes: [], alreadyOutIn: null, network };
  const named = { nodeIds, exceptNodeIds };
  const estimateSource = change.estimateSource ?? 'control-room';
  switch (change.type) {
    case 'PlannedOutageAnnounced':
      return { type: 'announce-approved-work', ...said, ...around };
    case 'PlannedWorkRescheduled':
      return {
        ...{ type: 'reschedule-planned-work', ...said, ...around },
        ...{ startsAt, endsAt: estimatedRestorationAt, estimateSource },
      };
    case 'PlannedWorkCancelled':
      return { type: 'cancel-planned-work', ...said };
    case 'SupplyPartlyRestored':
      return { type: 'restore-nodes', ...said, ...around, ...named, restoredAt };
    case 'SupplyRestored':
      return { type: 'restore-supply', ...said, restoredAt };
    case 'OutageReopened': {
      const estimate = { estimatedRestorationAt, estimateSource };
      return { type: 'reopen-outage', ...said, ...around, ...named, ...estimate, startedAt: startsAt, cause };
    }
    default:
      return null;
  }
}
