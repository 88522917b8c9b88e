import { assertStored, query, type Transaction } from '@bijli/postgres';
import type { Complaint } from '../domain/complaint.ts';
import { COMPLAINT_COLUMNS, type ComplaintRow, complaintOf } from './complaint-row.ts';

/**
 * Stores what a change made of a complaint that the caller's transaction holds locked; no event changes what it is about.
 * @throws where the stored version is not the one before: then two changes were decided on one state; and where the change is to a field
 * that is not stored here.
 */
export async function updateComplaint(tx: Transaction, complaint: Complaint): Promise<void> {
  const { id, version, status, cycle, dueAt, officeCode, escalationLevel, joinedCount, question, proof, closedAt } =
    complaint;
  const { askedAt = null, askedHow = null, eventId = null, answerDueAt = null } = question ?? {};
  const [updated] = await query<ComplaintRow>(
    tx,
    `update complaint c
        set version = :version, status = :status, cycle = :cycle, due_at = :dueAt, office_code = :officeCode,
            escalation_level = :escalationLevel, joined_count = :joinedCount,
            asked_at = :askedAt, asked_how = :askedHow, asked_by_event = :eventId, answer_due_at = :answerDueAt,
            proof = :proof, closed_at = :closedAt
      where c.id = :id and c.version = :decidedOn
     returning ${COMPLAINT_COLUMNS}`,
    {
      ...{ id, decidedOn: version - 1, version, status, cycle, dueAt, officeCode, escalationLevel, joinedCount },
      ...{ askedAt, askedHow, eventId, answerDueAt, proof, closedAt },
    },
  );
  if (updated === undefined) throw new Error('The complaint is not at the version that the change was decided on.');
  assertStored('updateComplaint', complaintOf(updated), complaint);
}

/** Stores that a complaint was lodged again; nothing happened to it, so its version stays. */
export async function countJoined(tx: Transaction, { id, joinedCount }: Complaint): Promise<void> {
  await query(tx, 'update complaint set joined_count = :joinedCount where id = :id', { joinedCount, id });
}
