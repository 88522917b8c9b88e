import type { Cause } from './causes.ts';
import { isMachines, type ReopenOutage, type ReportOutage, saidAt } from './commands.ts';
import { type OutageDecision, type OutageRefusal, refuse, untold } from './decision.ts';
import { REOPEN_WITHIN_MS } from './limits.ts';
import { alreadyOut } from './nodes-refused.ts';
import { isSameNamed, isSameOff, offOf } from './off-nodes.ts';
import { estimateOf, reportOutage } from './open-outage.ts';
import type { Outage, PendingChange } from './outage.ts';
import { saidAgain } from './pending.ts';
import { overRefused, told, versionRefused } from './tell.ts';
import { newEstimateRefused } from './times-refused.ts';

/**
 * Opens an outage again whose supply went again within 10 min of its restoration: it is the same outage. The estimate is the one that is
 * given, else the one of before where it is still to come, else by the usual duration of the cause.
 */
export function reopenOutage(outage: Outage, command: ReopenOutage, now: Date): OutageDecision {
  const cause = command.cause ?? outage.cause;
  const estimate = estimateAgain(outage, command, cause, now);
  const refusal = reopeningRefused(outage, command, now);
  if (refusal !== null) return refusal;
  const code = newEstimateRefused(outage, estimate.estimatedRestorationAt, now);
  if (code !== null) return refuse(code);
  const { nodeIds, exceptNodeIds, network } = command;
  const off = nodeIds.length === 0 ? {} : { opened: { nodeIds, exceptNodeIds }, ...offOf(command, network) };
  const after: Outage = { ...outage, ...off, ...estimate, cause, status: 'open', restoredAt: null, pending: [] };
  return told(after, { type: 'OutageReopened', command, now });
}

/**
 * Takes a report of nodes that an outage is about already: it confirms a cut that waits for that, takes back a restoration that waits, or opens
 * it again. A cut that is open is refused.
 */
export function reportAgain(outage: Outage, command: ReportOutage, now: Date): OutageDecision {
  if (outage.kind === 'planned' || !isAbout(outage, command)) return refuse('already-exists');
  switch (outage.status) {
    case 'unconfirmed':
      return isMachines(command) ? untold(outage) : reportOutage(asReportOf(outage, command, outage.startsAt), now);
    case 'dropped':
      return reportOutage(asReportOf(outage, command, null), now);
    case 'restored':
      return reopenOutage(outage, asReopening(command, now), now);
    default:
      return turnBack(outage, command);
  }
}

/** Of what nobody was told any nodes may be reported anew; else they are those of the outage, or of a step that waits. */
function isAbout(outage: Outage, command: ReportOutage): boolean {
  return outage.version === 0 || isWhole(outage, command) || outage.pending.some((each) => isSameNamed(each, command));
}

const isWhole = (outage: Outage, command: ReportOutage): boolean =>
  isSameNamed(outage.opened, command) || isSameOff(outage, offOf(command, command.network));

/** What a machine said is back and is off again says nothing; nor does what is said of a cut again by a machine, or after one by a person. */
function turnBack(outage: Outage, command: ReportOutage): OutageDecision {
  const turns = (each: PendingChange): boolean =>
    each.restoredAt !== null && (isWhole(outage, command) || isSameNamed(each, command));
  const pending = outage.pending.filter((each) => !turns(each));
  if (pending.length < outage.pending.length) return untold({ ...outage, pending });
  return isWhole(outage, command) ? (saidAgain(outage, command) ?? refuse('already-exists')) : refuse('already-exists');
}

const asReportOf = ({ id: outageId }: Outage, command: ReportOutage, since: Date | null): ReportOutage => ({
  ...command,
  outageId,
  startedAt: command.startedAt ?? since,
});

/** A report says anew how long it lasts, also by its cause alone. */
const asReopening = (command: ReportOutage, now: Date): ReopenOutage => ({
  ...command,
  ...estimateOf(command, command.cause, now),
  type: 'reopen-outage',
  basedOn: null,
});

function reopeningRefused(outage: Outage, command: ReopenOutage, now: Date): OutageRefusal | null {
  const { restoredAt } = outage;
  if (restoredAt === null) return refuse(overRefused(outage) ?? 'not-restored');
  const stale = versionRefused(outage, command);
  if (stale !== null) return refuse(stale);
  const since = command.startedAt ?? saidAt(command, now);
  if (since.getTime() - restoredAt.getTime() > REOPEN_WITHIN_MS) return refuse('restored-too-long-ago');
  return alreadyOut(command);
}

function estimateAgain(outage: Outage, command: ReopenOutage, cause: Cause, now: Date) {
  const { estimatedRestorationAt, estimateSource } = outage;
  const isKept = command.estimatedRestorationAt === null && estimatedRestorationAt > now;
  return isKept ? { estimatedRestorationAt, estimateSource } : estimateOf(command, cause, now);
}
