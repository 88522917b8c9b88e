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
        set version = ?, status = ?, cycle = ?, due_at = ?, office_code = ?, escalation_level = ?, joined_count = ?,
            asked_at = ?, asked_how = ?, asked_by_event = ?, answer_due_at = ?, proof = ?, closed_at = ?
      where c.id = ? and c.version = ?
     returning ${COMPLAINT_COLUMNS}`,
    [
      ...[version, status, cycle, dueAt, officeCode, escalationLevel, joinedCount],
      ...[askedAt, askedHow, eventId, answerDueAt, proof, closedAt],
      ...[id, version - 1],
    ],
  );
  if (updated === undefined) throw new Error('The complaint is not at the version that the change was decided on.');
  assertStored('updateComplaint', complaintOf(updated), complaint);
}

/** Stores that a complaint was lodged again; nothing happened to it, so its version stays. */
export async function countJoined(tx: Transaction, { id, joinedCount }: Complaint): Promise<void> {
  await query(tx, 'update complaint set joined_count = ? where id = ?', [joinedCount, id]);
}
