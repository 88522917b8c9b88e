import { changeRestorationEstimate } from './change-estimate.ts';
import type { ChangingCommand, OpeningCommand, OutageCommand, PassTime } from './commands.ts';
import { type OutageDecision, refuse, untold } from './decision.ts';
import { holdBack } from './hold-back.ts';
import { announcePlannedWork, draftPlannedWork, reportOutage } from './open-outage.ts';
import type { Outage, PendingChange } from './outage.ts';
import { commandOf, confirmOutage, undoChange } from './pending.ts';
import { cancelPlannedWork, extendPlannedWork, reschedulePlannedWork, startPlannedWork } from './planned-work.ts';
import { announceApprovedWork, approvePlannedWork } from './prepare-planned-work.ts';
import { reopenOutage, reportAgain } from './reopen-outage.ts';
import { restoreNodes, restoreSupply } from './restore-supply.ts';
import { changed, told } from './tell.ts';

/**
 * Decides a command on an outage, null before its first one: refused by a code, accepted as what is not told (nothing changed, a draft, a change
 * that waits), or accepted with the outage after it and one event of the next version. Ids and `now` (UTC) are given; nothing else is looked at.
 */
export function decide(outage: Outage | null, command: OutageCommand, now: Date): OutageDecision {
  if (command.type === 'pass-time') return outage === null ? refuse('no-such-outage') : passTime(outage, command, now);
  const decision = outage === null ? open(command, now) : change(outage, command, now);
  const { wait } = command;
  return wait === undefined ? decision : holdBack(outage, decision, { ...command, wait }, now);
}

function open(command: OpeningCommand | ChangingCommand, now: Date): OutageDecision {
  switch (command.type) {
    case 'draft-planned-work':
      return draftPlannedWork(command, now);
    case 'announce-planned-work':
      return announcePlannedWork(command, now);
    case 'report-outage':
      return reportOutage(command, now);
    default:
      return refuse('no-such-outage');
  }
}

function change(outage: Outage, command: OpeningCommand | ChangingCommand, now: Date): OutageDecision {
  switch (command.type) {
    case 'draft-planned-work':
    case 'announce-planned-work':
      return refuse('already-exists');
    case 'approve-planned-work':
      return approvePlannedWork(outage, command);
    case 'announce-approved-work':
      return announceApprovedWork(outage, command, now);
    case 'start-planned-work':
      return startPlannedWork(outage, command, now);
    case 'reschedule-planned-work':
      return reschedulePlannedWork(outage, command, now);
    case 'extend-planned-work':
      return extendPlannedWork(outage, command, now);
    case 'cancel-planned-work':
      return cancelPlannedWork(outage, command, now);
    case 'report-outage':
      return reportAgain(outage, command, now);
    case 'change-restoration-estimate':
      return changeRestorationEstimate(outage, command, now);
    case 'restore-supply':
      return restoreSupply(outage, command, now);
    case 'restore-nodes':
      return restoreNodes(outage, command, now);
    case 'reopen-outage':
      return reopenOutage(outage, command, now);
    case 'confirm-outage':
      return confirmOutage(outage, command, now);
    case 'undo-change':
      return undoChange(outage, command);
  }
}

/** The first change that is due, else the start of work whose time has come and of which nothing waits. */
function passTime(outage: Outage, command: PassTime, now: Date): OutageDecision {
  const due = outage.pending.find(({ dueAt }) => dueAt <= now);
  if (due !== undefined) return takeEffect(outage, due, command);
  if (outage.status !== 'announced' || outage.startsAt > now || outage.pending.length > 0) return untold(outage);
  const onTime = { ...command, saidAt: outage.startsAt };
  return changed(outage, { status: 'open' }, { type: 'PlannedWorkStarted', command: onTime, now });
}

/** Decided as of when it was taken; what cannot be any more, since something else has happened, is let go. */
function takeEffect(outage: Outage, due: PendingChange, command: PassTime): OutageDecision {
  const rest = { ...outage, pending: outage.pending.filter((each) => each !== due) };
  const meant = commandOf(due, command);
  const { eventId } = command;
  const telling = { type: due.type, command: { eventId, saidAt: due.saidAt }, now: due.takenAt };
  const decision = meant === null ? told({ ...rest, status: 'open' }, telling) : change(rest, meant, due.takenAt);
  if (!decision.accepted) return untold(rest);
  return { ...decision, state: { ...decision.state, isConfirmed: due.reason !== 'hold-down' } };
}
