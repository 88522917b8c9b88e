import { causes } from './causes.ts';
import {
  type AnnouncePlannedWork,
  type DraftPlannedWork,
  type OpeningCommand,
  type ReportOutage,
  saidAt,
} from './commands.ts';
import { type OutageDecision, untold } from './decision.ts';
import { addMinutes } from './limits.ts';
import { openingRefused } from './nodes-refused.ts';
import { offOf } from './off-nodes.ts';
import type { EstimateSource, Outage } from './outage.ts';
import { told } from './tell.ts';
import { beginningRefused, estimateRefused, windowRefused } from './times-refused.ts';

/** The period in which the nodes are without supply, half-open; an unplanned outage has no certain end. */
export type Window = { readonly from: Date; readonly to: Date | null };

/** Tells in which period a new outage will be, for the search for others on the same nodes. */
export function windowOf(
  command:
    | Pick<AnnouncePlannedWork | DraftPlannedWork, 'type' | 'startsAt' | 'endsAt'>
    | Pick<ReportOutage, 'type' | 'startedAt' | 'saidAt'>,
  now: Date,
): Window {
  return command.type === 'report-outage'
    ? { from: command.startedAt ?? saidAt(command, now), to: null }
    : { from: command.startsAt, to: command.endsAt };
}

/** Drafts planned work, of which nobody is told. Others on the same nodes are looked for when it is announced. */
export function draftPlannedWork(command: DraftPlannedWork, now: Date): OutageDecision {
  const refusal = openingRefused({ ...command, alreadyOutIn: null }, windowRefused(command, now));
  if (refusal !== null) return refusal;
  return untold({ ...plannedOutage(command), status: 'draft', draftedBy: command.draftedBy });
}

/**
 * Announces planned work: it starts in the future, within 90 days, and lasts at most 24 h. The end of the window
 * is the first restoration estimate.
 */
export function announcePlannedWork(command: AnnouncePlannedWork, now: Date): OutageDecision {
  const refusal = openingRefused(command, windowRefused(command, now));
  return refusal ?? told(plannedOutage(command), { type: 'PlannedOutageAnnounced', command, now });
}

/**
 * Reports a cut that began in the last 24 h. Without an estimate the usual duration of its cause counts
 * from now; a given one lies in the future, at most 7 days ahead.
 */
export function reportOutage(command: ReportOutage, now: Date): OutageDecision {
  const startsAt = command.startedAt ?? saidAt(command, now);
  const estimate = estimateOf(command, command.cause, now);
  const code = beginningRefused(startsAt, now) ?? estimateRefused(estimate.estimatedRestorationAt, now);
  const refusal = openingRefused(command, code);
  if (refusal !== null) return refusal;
  const outage: Outage = { ...newOutage(command), kind: 'unplanned', status: 'open', startsAt, ...estimate };
  return told(outage, { type: 'OutageReported', command, now });
}

type Estimate = Pick<Outage, 'estimatedRestorationAt'> & { readonly estimateSource: EstimateSource };

/** Gives the estimate that was said or, where none was, the usual duration of the cause from now. */
export function estimateOf(
  said: Pick<ReportOutage, 'estimatedRestorationAt' | 'estimateSource'>,
  cause: Outage['cause'],
  now: Date,
): Estimate {
  const { estimatedRestorationAt, estimateSource } = said;
  if (estimatedRestorationAt !== null) return { estimatedRestorationAt, estimateSource };
  const usual = addMinutes(now, causes[cause].defaultDurationMinutes);
  return { estimatedRestorationAt: usual, estimateSource: 'cause-default' };
}

function plannedOutage(command: AnnouncePlannedWork | DraftPlannedWork): Outage {
  const { startsAt, endsAt: estimatedRestorationAt, estimateSource } = command;
  const window = { startsAt, estimatedRestorationAt, estimateSource };
  return { ...newOutage(command), kind: 'planned', status: 'announced', ...window };
}

function newOutage(command: OpeningCommand) {
  const { outageId: id, cause, nodeIds, exceptNodeIds, network } = command;
  const opened = { nodeIds, exceptNodeIds };
  const nobody = { draftedBy: null, approvedBy: null, isConfirmed: true };
  return { id, version: 0, cause, opened, ...offOf(opened, network), restoredAt: null, pending: [], ...nobody };
}
