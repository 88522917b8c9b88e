import type { ComplaintEvent } from '@bijli/events';
import { query, type Transaction } from '@bijli/postgres';
import type { Complaint } from '../domain/complaint.ts';

/**
 * Notes what happened and in which trace (32 hex digits or null), so that a journey is found by the complaint's number;
 * and on what it stands, where the complaint was closed.
 */
export async function noteEvent(
  tx: Transaction,
  { eventId, type, occurredAt }: ComplaintEvent,
  after: Complaint,
  traceId: string | null,
): Promise<void> {
  const { id, version, cycle, status, officeCode, dueAt } = after;
  await query(
    tx,
    `insert into complaint_event (complaint_id, version, event_id, type, cycle, status, office_code, due_at, occurred_at, trace_id)
     values (:id, :version, :eventId, :type, :cycle, :status, :officeCode, :dueAt, :occurredAt, :traceId)`,
    { id, version, eventId, type, cycle, status, officeCode, dueAt, occurredAt, traceId },
  );
  if (type === 'ComplaintClosed') await noteProof(tx, after);
}

async function noteProof(tx: Transaction, { id, cycle, proof, question, closedAt }: Complaint): Promise<void> {
  const { askedAt = null, askedHow = null, eventId = null, answerDueAt = null } = question ?? {};
  await query(
    tx,
    `insert into closing_proof (complaint_id, cycle, proof, asked_at, asked_how, asked_by_event, answer_due_at, closed_at)
     values (:id, :cycle, :proof, :askedAt, :askedHow, :eventId, :answerDueAt, :closedAt)`,
    { id, cycle, proof, askedAt, askedHow, eventId, answerDueAt, closedAt },
  );
}
