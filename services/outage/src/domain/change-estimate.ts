import type { ChangeRestorationEstimate } from './commands.ts';
import { type OutageDecision, refuse, untold } from './decision.ts';
import type { Outage } from './outage.ts';
import { extendPlannedWork, reschedulePlannedWork } from './planned-work.ts';
import { changed, changeRefused, isSameEstimate } from './tell.ts';
import { newEstimateRefused } from './times-refused.ts';

/**
 * Changes when supply is expected back: to an instant in the future, at most 7 days ahead. For planned work this moves its end. The estimate
 * that there is, of the same source, changes nothing.
 */
export function changeRestorationEstimate(
  outage: Outage,
  command: ChangeRestorationEstimate,
  now: Date,
): OutageDecision {
  const { estimatedRestorationAt, estimateSource } = command;
  if (outage.kind === 'planned') return moveEnd(outage, command, now);
  const code = changeRefused(outage, command) ?? newEstimateRefused(outage, estimatedRestorationAt, now);
  if (code !== null) return refuse(code);
  const estimate = { estimatedRestorationAt, estimateSource };
  if (isSameEstimate(outage, estimate)) return untold(outage);
  return changed(outage, estimate, { type: 'RestorationEstimateChanged', command, now });
}

function moveEnd(outage: Outage, command: ChangeRestorationEstimate, now: Date): OutageDecision {
  const { estimatedRestorationAt: endsAt } = command;
  return outage.status === 'open'
    ? extendPlannedWork(outage, { ...command, type: 'extend-planned-work', endsAt }, now)
    : reschedulePlannedWork(outage, { ...command, type: 'reschedule-planned-work', startsAt: null, endsAt }, now);
}
