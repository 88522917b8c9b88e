import { causes } from './causes.ts';
import { addMinutes, MAX_ESTIMATE_MS, MAX_NODES, MAX_NOTICE_MS, MAX_REPORT_AGE_MS, MAX_WINDOW_MS } from './limits.ts';
import {
  type AnnouncePlannedWork,
  accepted,
  type OpeningCommand,
  type OutageDecision,
  type RejectionCode,
  type ReportOutage,
  refuse,
  saidAt,
} from './outage.ts';

/** The period in which the nodes are without supply, half-open; an unplanned outage has no certain end. */
export type Window = { readonly from: Date; readonly to: Date | null };

/** Tells in which period a new outage will be, for the search for others on the same nodes. */
export function windowOf(
  command:
    | Pick<AnnouncePlannedWork, 'type' | 'startsAt' | 'endsAt'>
    | Pick<ReportOutage, 'type' | 'startedAt' | 'saidAt'>,
  now: Date,
): Window {
  return command.type === 'announce-planned-work'
    ? { from: command.startsAt, to: command.endsAt }
    : { from: command.startedAt ?? saidAt(command, now), to: null };
}

/**
 * Announces planned work: it starts in the future, within 90 days, and lasts at most 24 h. The end of the window
 * is the first restoration estimate.
 */
export function announcePlannedWork(command: AnnouncePlannedWork, now: Date): OutageDecision {
  const { outageId: id, cause, nodeIds, startsAt, endsAt } = command;
  const code = nodesRefused(command) ?? windowRefused(command, now) ?? surroundingsRefused(command);
  if (code !== null) return refuse(code);
  const outage = {
    id,
    version: 1,
    kind: 'planned',
    status: 'announced',
    cause,
    nodeIds,
    startsAt,
    estimatedRestorationAt: endsAt,
    restoredAt: null,
  } as const;
  return accepted(outage, 'PlannedOutageAnnounced', command, now);
}

/**
 * Reports a cut that began in the last 24 h. Without an estimate the usual duration of its cause counts
 * from now; a given one lies in the future, at most 7 days ahead.
 */
export function reportOutage(command: ReportOutage, now: Date): OutageDecision {
  const { outageId: id, cause, nodeIds, startedAt } = command;
  const estimatedRestorationAt =
    command.estimatedRestorationAt ?? addMinutes(now, causes[cause].defaultDurationMinutes);
  const startsAt = startedAt ?? saidAt(command, now);
  const code =
    nodesRefused(command) ??
    beginningRefused(startsAt, now) ??
    estimateRefused(estimatedRestorationAt, now) ??
    surroundingsRefused(command);
  if (code !== null) return refuse(code);
  const outage = {
    id,
    version: 1,
    kind: 'unplanned',
    status: 'open',
    cause,
    nodeIds,
    startsAt,
    estimatedRestorationAt,
    restoredAt: null,
  } as const;
  return accepted(outage, 'OutageReported', command, now);
}

/** Says what is wrong with the estimate of an unplanned outage, or null. */
export function estimateRefused(estimate: Date, now: Date): RejectionCode | null {
  if (estimate <= now) return 'estimate-in-the-past';
  return estimate.getTime() - now.getTime() > MAX_ESTIMATE_MS ? 'estimate-too-far-ahead' : null;
}

/** Says what is wrong with the length of planned work, or null. */
export function lengthRefused(startsAt: Date, endsAt: Date): RejectionCode | null {
  if (endsAt <= startsAt) return 'ends-before-start';
  return endsAt.getTime() - startsAt.getTime() > MAX_WINDOW_MS ? 'window-too-long' : null;
}

function windowRefused({ startsAt, endsAt }: AnnouncePlannedWork, now: Date): RejectionCode | null {
  if (startsAt <= now) return 'starts-in-the-past';
  if (startsAt.getTime() - now.getTime() > MAX_NOTICE_MS) return 'starts-too-far-ahead';
  return lengthRefused(startsAt, endsAt);
}

function beginningRefused(startsAt: Date, now: Date): RejectionCode | null {
  if (startsAt > now) return 'started-in-the-future';
  return now.getTime() - startsAt.getTime() > MAX_REPORT_AGE_MS ? 'started-too-long-ago' : null;
}

function nodesRefused({ nodeIds }: OpeningCommand): RejectionCode | null {
  if (nodeIds.length === 0 || nodeIds.length > MAX_NODES) return 'node-count';
  return new Set(nodeIds).size < nodeIds.length ? 'duplicate-node' : null;
}

/** Last, so that a caller first mends what is wrong with the request itself. */
function surroundingsRefused({ unknownNodes, alreadyOutIn }: OpeningCommand): RejectionCode | null {
  if (unknownNodes.length > 0) return 'unknown-node';
  return alreadyOutIn === null ? null : 'already-out';
}
