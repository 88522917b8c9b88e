import type { ComplaintEvent } from '@bijli/events';
import { type Database, query } from '@bijli/postgres';
import type { Proof, Question, Status } from '../domain/complaint.ts';

/** One thing that happened to a complaint, how it stood after it, and the trace in which it did. */
export type HappenedEvent = {
  readonly version: number;
  readonly eventId: string;
  readonly type: ComplaintEvent['type'];
  readonly cycle: number;
  readonly status: Status;
  readonly officeCode: string | null;
  readonly dueAt: Date | null;
  readonly occurredAt: Date;
  readonly traceId: string | null;
};
/** On what one closing stands. */
export type Closing = {
  readonly cycle: number;
  readonly proof: Proof;
  readonly question: Question;
  readonly closedAt: Date;
};
export type History = {
  readonly complaintId: string;
  readonly events: readonly HappenedEvent[];
  readonly closings: readonly Closing[];
};

type EventRow = {
  readonly complaint_id: string;
  readonly version: number;
  readonly event_id: string;
  readonly type: HappenedEvent['type'];
  readonly cycle: number;
  readonly status: Status;
  readonly office_code: string | null;
  readonly due_at: Date | null;
  readonly occurred_at: Date;
  readonly trace_id: string | null;
};
type ProofRow = {
  readonly cycle: number;
  readonly proof: Proof;
  readonly asked_at: Date;
  readonly asked_how: Question['askedHow'];
  readonly asked_by_event: string;
  readonly answer_due_at: Date;
  readonly closed_at: Date;
};

/** Gives what happened to a complaint, oldest first, and on what each closing stands; null where there is none. */
export async function getHistory(db: Database, complaintNumber: string): Promise<History | null> {
  const events = await query<EventRow>(
    db,
    `select e.complaint_id, e.version, e.event_id, e.type, e.cycle, e.status, e.office_code, e.due_at, e.occurred_at, e.trace_id
       from complaint c join complaint_event e on e.complaint_id = c.id
      where c.complaint_number = :complaintNumber order by e.version`,
    { complaintNumber },
  );
  const [first] = events;
  if (first === undefined) return null;
  const proofs = await query<ProofRow>(
    db,
    `select cycle, proof, asked_at, asked_how, asked_by_event, answer_due_at, closed_at
       from closing_proof where complaint_id = :complaintId order by cycle`,
    { complaintId: first.complaint_id },
  );
  return { complaintId: first.complaint_id, events: events.map(happened), closings: proofs.map(closing) };
}

function happened(row: EventRow): HappenedEvent {
  return {
    version: row.version,
    eventId: row.event_id,
    type: row.type,
    cycle: row.cycle,
    status: row.status,
    officeCode: row.office_code,
    dueAt: row.due_at,
    occurredAt: row.occurred_at,
    traceId: row.trace_id,
  };
}

function closing(row: ProofRow): Closing {
  return {
    cycle: row.cycle,
    proof: row.proof,
    question: {
      askedAt: row.asked_at,
      askedHow: row.asked_how,
      eventId: row.asked_by_event,
      answerDueAt: row.answer_due_at,
    },
    closedAt: row.closed_at,
  };
}
