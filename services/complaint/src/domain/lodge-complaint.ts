import type { Complaint, ComplaintDecision, LodgeComplaint, OutageFacts } from './complaint.ts';
import { accepted, endedBy, refuse, reopened } from './outcome.ts';
import { dueAt } from './service-standards.ts';

/** What a connection has already lodged of one kind, each null where there is none. */
export type LodgedBefore = {
  /** The one that is not closed; at most one. */
  readonly open: Complaint | null;
  /** The latest that was answered with the outage that explains it now. */
  readonly answered: Complaint | null;
};

/**
 * Chooses which complaint lodging again belongs to, null where it becomes one of its own: the one somebody works on; else
 * the answer, while the outage still says what was answered, so that nobody collects numbers and texts by asking again; else the one said
 * to be fixed, unless an outage explains why it is dark now.
 */
export function complaintToJoin({ open, answered }: LodgedBefore, outage: OutageFacts | null): Complaint | null {
  if (open !== null && endedBy(open.status) === null) return open;
  if (outage === null) return open;
  return answered !== null && saysTheSame(answered, outage) ? answered : null;
}

/**
 * Lodges a complaint. Where an open outage explains that there is no supply it is answered by its cause and its estimate,
 * and that is its end; otherwise it is a ticket, and its service-standard clock starts.
 */
export function lodgeComplaint(command: LodgeComplaint, now: Date): ComplaintDecision {
  const { complaintId: id, complaintNumber, kind, area, connection, eventId } = command;
  const { connectionId, accountNumber, state } = connection;
  if (state === 'closed') return refuse('connection-closed');
  const lodged = {
    id,
    version: 1,
    complaintNumber,
    connectionId,
    accountNumber,
    kind,
    area,
    cycle: 1,
    lodgedAt: now,
    officeCode: null,
    escalationLevel: 0,
    joinedCount: 0,
    question: null,
    proof: null,
    closedAt: null,
  } as const;
  const outage = kind === 'no-supply' ? command.outage : null;
  if (outage !== null)
    return accepted({ ...lodged, status: 'answered', dueAt: null, ...outage }, 'ComplaintAnswered', eventId, now);
  const unexplained = { outageId: null, cause: null, estimatedRestorationAt: null };
  const ticket = { ...lodged, ...unexplained, status: 'lodged', dueAt: dueAt(kind, area, now) } as const;
  return accepted(ticket, 'ComplaintLodged', eventId, now);
}

/**
 * Decides what lodging again does to the complaint it belongs to. It is counted, and nothing is said; but where the
 * consumer was asked "is it back?", complaining again is the answer no.
 */
export function joinComplaint(complaint: Complaint, { eventId }: LodgeComplaint, now: Date): ComplaintDecision {
  if (complaint.status === 'closed') return refuse('already-exists');
  const joined = { ...complaint, joinedCount: complaint.joinedCount + 1 };
  if (complaint.status !== 'resolved') return { accepted: true, state: joined, events: [] };
  return accepted(reopened(joined, dueAt(complaint.kind, complaint.area, now)), 'ComplaintReopened', eventId, now);
}

function saysTheSame(answered: Complaint, { outageId, cause, estimatedRestorationAt }: OutageFacts): boolean {
  return (
    answered.outageId === outageId &&
    answered.cause === cause &&
    answered.estimatedRestorationAt?.getTime() === estimatedRestorationAt.getTime()
  );
}
