import type {
  AnswerQuestion,
  CloseByTimeOut,
  Complaint,
  ComplaintDecision,
  Proof,
  RejectionCode,
  ReopenComplaint,
} from './complaint.ts';
import { REOPEN_WITHIN_MS } from './limits.ts';
import { accepted, endedBy, refuse, reopened } from './outcome.ts';
import { dueAt } from './service-standards.ts';

/** Takes the consumer's answer to "is it back?": yes closes, and is the proof; no opens it again, one level up. */
export function answerQuestion(complaint: Complaint, command: AnswerQuestion, now: Date): ComplaintDecision {
  const code = consumerRefused(complaint, command) ?? questionRefused(complaint) ?? staleRefused(complaint, command);
  if (code !== null) return refuse(code);
  return command.isBack
    ? closed(complaint, 'consumer-confirmed', command.eventId, now)
    : openedAgain(complaint, command.eventId, now);
}

/**
 * Opens a complaint again because its consumer says that it is not fixed: while the consumer is asked, or within 7 days
 * after it was closed, by whatever proof; not while another of this kind is open.
 */
export function reopenComplaint(complaint: Complaint, command: ReopenComplaint, now: Date): ComplaintDecision {
  const code =
    consumerRefused(complaint, command) ??
    reopeningRefused(complaint, now) ??
    staleRefused(complaint, command) ??
    (command.openElsewhere === null ? null : 'open-elsewhere');
  return code === null ? openedAgain(complaint, command.eventId, now) : refuse(code);
}

/** Closes a complaint whose consumer was asked and did not answer in time; the question stays as the evidence. */
export function closeByTimeOut(complaint: Complaint, { eventId }: CloseByTimeOut, now: Date): ComplaintDecision {
  const code = questionRefused(complaint);
  if (code !== null) return refuse(code);
  const isDue = complaint.question !== null && complaint.question.answerDueAt <= now;
  return isDue ? closed(complaint, 'time-out', eventId, now) : refuse('answer-not-due');
}

function closed(complaint: Complaint, proof: Proof, eventId: string, now: Date): ComplaintDecision {
  const after = { ...complaint, version: complaint.version + 1, status: 'closed', proof, closedAt: now } as const;
  return accepted(after, 'ComplaintClosed', eventId, now);
}

function openedAgain(complaint: Complaint, eventId: string, now: Date): ComplaintDecision {
  return accepted(reopened(complaint, dueAt(complaint.kind, complaint.area, now)), 'ComplaintReopened', eventId, now);
}

/** To anybody else it is not there: neither whose it is nor that there is one with this number. */
function consumerRefused(
  complaint: Complaint,
  { connectionId }: AnswerQuestion | ReopenComplaint,
): RejectionCode | null {
  return connectionId === complaint.connectionId ? null : 'no-such-complaint';
}

function questionRefused({ status }: Pick<Complaint, 'status'>): RejectionCode | null {
  return status === 'resolved' ? null : (endedBy(status) ?? 'not-resolved');
}

function reopeningRefused({ status, closedAt }: Complaint, now: Date): RejectionCode | null {
  if (status !== 'closed' || closedAt === null) return questionRefused({ status });
  return now.getTime() - closedAt.getTime() > REOPEN_WITHIN_MS ? 'closed-too-long-ago' : null;
}

/** That it has ended is said first: an answer given twice is refused as what it is. */
function staleRefused({ version }: Complaint, { basedOn }: AnswerQuestion | ReopenComplaint): RejectionCode | null {
  return basedOn !== null && basedOn !== version ? 'stale-version' : null;
}
