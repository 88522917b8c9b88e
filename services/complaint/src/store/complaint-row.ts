import type { Complaint, Proof, Question } from '../domain/complaint.ts';

/** Columns of a complaint; for a statement on `complaint c`. */
export const COMPLAINT_COLUMNS = `c.id, c.complaint_number, c.version, c.connection_id, c.account_number, c.kind, c.area, c.status, c.cycle, c.lodged_at,
  c.due_at, c.outage_id, c.cause, c.estimated_restoration_at, c.office_code, c.escalation_level, c.joined_count, c.asked_at, c.asked_how,
  c.asked_by_event, c.answer_due_at, c.proof, c.closed_at`;

/** A row of `COMPLAINT_COLUMNS`. */
export type ComplaintRow = {
  readonly id: string;
  readonly complaint_number: string;
  readonly version: number;
  readonly connection_id: string;
  readonly account_number: string;
  readonly kind: Complaint['kind'];
  readonly area: Complaint['area'];
  readonly status: Complaint['status'];
  readonly cycle: number;
  readonly lodged_at: Date;
  readonly due_at: Date | null;
  readonly outage_id: string | null;
  readonly cause: string | null;
  readonly estimated_restoration_at: Date | null;
  readonly office_code: string | null;
  readonly escalation_level: number;
  readonly joined_count: number;
  /** This and the next three are null together. */
  readonly asked_at: Date | null;
  readonly asked_how: Question['askedHow'];
  readonly asked_by_event: string;
  readonly answer_due_at: Date;
  readonly proof: Proof | null;
  readonly closed_at: Date | null;
};

/** Makes the complaint of a row. */
export function complaintOf(row: ComplaintRow): Complaint {
  return {
    id: row.id,
    complaintNumber: row.complaint_number,
    version: row.version,
    connectionId: row.connection_id,
    accountNumber: row.account_number,
    kind: row.kind,
    area: row.area,
    status: row.status,
    cycle: row.cycle,
    lodgedAt: row.lodged_at,
    dueAt: row.due_at,
    outageId: row.outage_id,
    cause: row.cause,
    estimatedRestorationAt: row.estimated_restoration_at,
    officeCode: row.office_code,
    escalationLevel: row.escalation_level,
    joinedCount: row.joined_count,
    question: questionOf(row),
    proof: row.proof,
    closedAt: row.closed_at,
  };
}

function questionOf({ asked_at, asked_how, asked_by_event, answer_due_at }: ComplaintRow): Question | null {
  if (asked_at === null) return null;
  return { askedAt: asked_at, askedHow: asked_how, eventId: asked_by_event, answerDueAt: answer_due_at };
}
