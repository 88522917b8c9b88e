import { query, type Transaction } from '@bijli/postgres';
import type { Complaint } from '../domain/complaint.ts';

/**
 * This function will store what a change made of a complaint that the caller's transaction holds locked; what it is about never changes.
 * Throws where the stored version is not the one before: then two changes were decided on one state.
 */
export async function updateComplaint(tx: Transaction, complaint: Complaint): Promise<void> {
  const { id, version, status, cycle, dueAt, officeCode, escalationLevel, joinedCount, question, proof, closedAt } =
    complaint;
  const { askedAt = null, askedHow = null, eventId = null, answerDueAt = null } = question ?? {};
  const updated = await query(
    tx,
    `update complaint
        set version = ?, status = ?, cycle = ?, due_at = ?, office_code = ?, escalation_level = ?, joined_count = ?,
            asked_at = ?, asked_how = ?, asked_by_event = ?, answer_due_at = ?, proof = ?, closed_at = ?
      where id = ? and version = ?
     returning id`,
    [
      ...[version, status, cycle, dueAt, officeCode, escalationLevel, joinedCount],
      ...[askedAt, askedHow, eventId, answerDueAt, proof, closedAt],
      ...[id, version - 1],
    ],
  );
  if (updated.length !== 1) throw new Error('The complaint is not at the version that the change was decided on.');
}

/** This function will store that a complaint was lodged again; nothing happened to it, so its version stays. */
export async function countJoined(tx: Transaction, { id, joinedCount }: Complaint): Promise<void> {
  await query(tx, 'update complaint set joined_count = ? where id = ?', [joinedCount, id]);
}
