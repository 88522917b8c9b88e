import { estimateRefused, lengthRefused } from './open-outage.ts';
import {
  accepted,
  type ChangeRestorationEstimate,
  type ChangingCommand,
  type Outage,
  type OutageDecision,
  type RejectionCode,
  type RestoreSupply,
  refuse,
  saidAt,
} from './outage.ts';

/**
 * Changes when supply is expected back: to an instant in the future, at most 7 days ahead, or for planned work at most 24 h after its start.
 * The estimate that there is changes nothing: accepted without an event.
 */
export function changeRestorationEstimate(
  outage: Outage,
  command: ChangeRestorationEstimate,
  now: Date,
): OutageDecision {
  const { estimatedRestorationAt } = command;
  const code = changeRefused(outage, command) ?? newEstimateRefused(outage, estimatedRestorationAt, now);
  if (code !== null) return refuse(code);
  if (estimatedRestorationAt.getTime() === outage.estimatedRestorationAt.getTime())
    return { accepted: true, state: outage, events: [] };
  const after = { ...outage, version: outage.version + 1, estimatedRestorationAt };
  return accepted(after, 'RestorationEstimateChanged', command, now);
}

/** Ends an outage as a whole: not before it began, not in the future, and once. */
export function restoreSupply(outage: Outage, command: RestoreSupply, now: Date): OutageDecision {
  const restoredAt = command.restoredAt ?? notBefore(outage.startsAt, saidAt(command, now));
  const code = changeRefused(outage, command) ?? restorationRefused(outage, restoredAt, now);
  if (code !== null) return refuse(code);
  const after = { ...outage, version: outage.version + 1, status: 'restored', restoredAt } as const;
  return accepted(after, 'SupplyRestored', command, now);
}

/** Clocks of those who say it differ: one that is slow shall not keep people from hearing that supply is back. */
const notBefore = (start: Date, at: Date): Date => (at < start ? start : at);

/** That it is over is said before that the caller saw an older version: a second restoration is refused as what it is. */
function changeRefused(outage: Outage, { basedOn }: ChangingCommand): RejectionCode | null {
  if (outage.status === 'restored') return 'already-restored';
  return basedOn !== null && basedOn !== outage.version ? 'stale-version' : null;
}

function newEstimateRefused(outage: Outage, estimate: Date, now: Date): RejectionCode | null {
  if (estimate <= now) return 'estimate-in-the-past';
  return outage.kind === 'planned' ? lengthRefused(outage.startsAt, estimate) : estimateRefused(estimate, now);
}

function restorationRefused({ startsAt }: Outage, restoredAt: Date, now: Date): RejectionCode | null {
  if (startsAt > now) return 'not-begun';
  if (restoredAt < startsAt) return 'restored-before-start';
  return restoredAt > now ? 'restored-in-the-future' : null;
}
