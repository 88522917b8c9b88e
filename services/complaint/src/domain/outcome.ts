import type { ComplaintEvent } from '@bijli/events';
import type { Complaint, ComplaintDecision, RejectionCode, Status } from './complaint.ts';

/** What is said of a complaint whose clock does not run, to whoever wants to work on it. */
const ended = {
  answered: 'already-answered',
  resolved: 'already-resolved',
  closed: 'already-closed',
} as const satisfies Partial<Record<Status, RejectionCode>>;

/** Tells why nobody can work on a complaint in this status, or null where its clock runs. */
export function endedBy(status: Status): RejectionCode | null {
  return status === 'answered' || status === 'resolved' || status === 'closed' ? ended[status] : null;
}

/** Refuses a command by its code. */
export function refuse(code: RejectionCode): ComplaintDecision {
  return { accepted: false, code };
}

/** Accepts a command: the complaint after it, and the one event that tells it. */
export function accepted(
  after: Complaint,
  type: ComplaintEvent['type'],
  eventId: string,
  now: Date,
): ComplaintDecision {
  const { id: aggregateId, version, complaintNumber, connectionId, accountNumber, kind } = after;
  const { status, cycle, dueAt, outageId, cause, estimatedRestorationAt, proof } = after;
  const identity = { aggregateId, version, complaintNumber, connectionId, accountNumber, kind };
  const standing = { status, cycle, dueAt, outageId, cause, estimatedRestorationAt, proof };
  return { accepted: true, state: after, events: [{ eventId, type, occurredAt: now, ...identity, ...standing }] };
}

/**
 * Takes a complaint up again: whatever was said to be fixed is not. The next cycle begins, its clock starts anew, and
 * the complaint goes one level up.
 */
export function reopened(complaint: Complaint, dueAt: Date): Complaint {
  return {
    ...complaint,
    version: complaint.version + 1,
    status: 'reopened',
    cycle: complaint.cycle + 1,
    escalationLevel: complaint.escalationLevel + 1,
    dueAt,
    question: null,
    proof: null,
    closedAt: null,
  };
}
