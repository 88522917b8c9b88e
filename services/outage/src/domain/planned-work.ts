import {
  type CancelPlannedWork,
  type ExtendPlannedWork,
  type ReschedulePlannedWork,
  type StartPlannedWork,
  saidAt,
} from './commands.ts';
import { type OutageDecision, type RejectionCode, refuse, untold } from './decision.ts';
import { alreadyOut } from './nodes-refused.ts';
import type { Outage } from './outage.ts';
import { changed, isSameEstimate, plannedRefused } from './tell.ts';
import { beginningRefused, lengthRefused, newEstimateRefused, windowRefused } from './times-refused.ts';

/** Starts announced work: by its time, or since a person says so. Its start is then when supply really went. */
export function startPlannedWork(outage: Outage, command: StartPlannedWork, now: Date): OutageDecision {
  const startsAt = command.startedAt ?? saidAt(command, now);
  const code =
    plannedRefused(outage, command) ??
    notAnnounced(outage) ??
    beginningRefused(startsAt, now) ??
    lengthRefused(startsAt, outage.estimatedRestorationAt);
  if (code !== null) return refuse(code);
  return changed(outage, { status: 'open', startsAt }, { type: 'PlannedWorkStarted', command, now });
}

/** Moves the window of work that has not begun: its start to the future, its end after that. The same window changes nothing. */
export function reschedulePlannedWork(outage: Outage, command: ReschedulePlannedWork, now: Date): OutageDecision {
  const startsAt = command.startsAt ?? outage.startsAt;
  const isMoved = startsAt.getTime() !== outage.startsAt.getTime();
  const endsAt = command.endsAt ?? outage.estimatedRestorationAt;
  const estimateSource = command.endsAt === null ? outage.estimateSource : command.estimateSource;
  const estimate = { estimatedRestorationAt: endsAt, estimateSource };
  const code =
    plannedRefused(outage, command) ??
    notAnnounced(outage) ??
    (isMoved ? movedRefused(outage, { startsAt, endsAt }, now) : newEstimateRefused(outage, endsAt, now));
  if (code !== null) return refuse(code);
  if (!isMoved && isSameEstimate(outage, estimate)) return untold(outage);
  const after = { startsAt, ...estimate };
  return alreadyOut(command) ?? changed(outage, after, { type: 'PlannedWorkRescheduled', command, now });
}

/** Moves the end of work that has started, to the future and at most 24 h after its start. The same end changes nothing. */
export function extendPlannedWork(outage: Outage, command: ExtendPlannedWork, now: Date): OutageDecision {
  const { endsAt: estimatedRestorationAt, estimateSource } = command;
  const code =
    plannedRefused(outage, command) ??
    (outage.status === 'open' ? null : 'not-begun') ??
    newEstimateRefused(outage, estimatedRestorationAt, now);
  if (code !== null) return refuse(code);
  const estimate = { estimatedRestorationAt, estimateSource };
  if (isSameEstimate(outage, estimate)) return untold(outage);
  return changed(outage, estimate, { type: 'PlannedWorkExtended', command, now });
}

/** Cancels work that has not begun; of a draft and of what is only approved nobody is told. */
export function cancelPlannedWork(outage: Outage, command: CancelPlannedWork, now: Date): OutageDecision {
  const code = plannedRefused(outage, command);
  if (code !== null) return refuse(code);
  if (outage.version === 0) return untold({ ...outage, status: 'dropped', pending: [] });
  if (hasBegun(outage, now)) return refuse('already-begun');
  return changed(outage, { status: 'cancelled', pending: [] }, { type: 'PlannedWorkCancelled', command, now });
}

function movedRefused(
  outage: Outage,
  window: { readonly startsAt: Date; readonly endsAt: Date },
  now: Date,
): RejectionCode | null {
  return hasBegun(outage, now) ? 'already-begun' : windowRefused(window, now);
}

function notAnnounced({ status }: Outage): RejectionCode | null {
  if (status === 'announced') return null;
  return status === 'open' ? 'already-begun' : 'not-announced';
}

/** Work begins by its time, also where nobody has noticed yet. */
const hasBegun = ({ status, startsAt }: Outage, now: Date): boolean => status === 'open' || startsAt <= now;
