import type {
  AssignComplaint,
  BeginWork,
  Complaint,
  ComplaintDecision,
  RejectionCode,
  ResolveComplaint,
  WorkingCommand,
} from './complaint.ts';
import { accepted, endedBy, refuse } from './outcome.ts';

/** Gives an open complaint to an office, also from one office to another. */
export function assignComplaint(complaint: Complaint, command: AssignComplaint, now: Date): ComplaintDecision {
  const { officeCode, eventId } = command;
  const isThere = complaint.officeCode === officeCode && hasOffice(complaint);
  const code = workRefused(complaint, command) ?? (isThere ? 'already-assigned' : null);
  if (code !== null) return refuse(code);
  const after = { ...complaint, version: complaint.version + 1, status: 'assigned', officeCode } as const;
  return accepted(after, 'ComplaintAssigned', eventId, now);
}

/** Notes that the office has begun to work on it. */
export function beginWork(complaint: Complaint, command: BeginWork, now: Date): ComplaintDecision {
  const code = workRefused(complaint, command) ?? beginningRefused(complaint);
  if (code !== null) return refuse(code);
  const after = { ...complaint, version: complaint.version + 1, status: 'in-progress' } as const;
  return accepted(after, 'ComplaintWorkBegun', command.eventId, now);
}

/**
 * Notes that somebody says it is fixed. That stops the clock and asks the consumer; it proves nothing and closes
 * nothing.
 */
export function resolveComplaint(complaint: Complaint, command: ResolveComplaint, now: Date): ComplaintDecision {
  const { eventId, answerWithinMs } = command;
  const code = workRefused(complaint, command);
  if (code !== null) return refuse(code);
  const answerDueAt = new Date(now.getTime() + answerWithinMs);
  const question = { askedAt: now, askedHow: 'sms', eventId, answerDueAt } as const;
  const after = { ...complaint, version: complaint.version + 1, status: 'resolved', dueAt: null, question } as const;
  return accepted(after, 'ComplaintResolved', eventId, now);
}

/** That it has ended is said before that the caller saw an older version: a second resolution is refused as what it is. */
function workRefused(complaint: Complaint, { basedOn }: WorkingCommand): RejectionCode | null {
  return endedBy(complaint.status) ?? (basedOn !== null && basedOn !== complaint.version ? 'stale-version' : null);
}

function beginningRefused(complaint: Complaint): RejectionCode | null {
  if (!hasOffice(complaint)) return 'not-assigned';
  return complaint.status === 'in-progress' ? 'work-begun' : null;
}

/** After it was reopened the office of the cycle before does not have it until it is told. */
function hasOffice({ status }: Complaint): boolean {
  return status === 'assigned' || status === 'in-progress';
}
