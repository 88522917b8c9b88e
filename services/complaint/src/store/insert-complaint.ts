import { query, type Transaction } from '@bijli/postgres';
import type { Complaint } from '../domain/complaint.ts';

/** This function will store a new complaint, inside the caller's transaction. */
export async function insertComplaint(tx: Transaction, complaint: Complaint): Promise<void> {
  const { id, complaintNumber, version, connectionId, accountNumber, kind, area, status, cycle, lodgedAt } = complaint;
  const { dueAt, outageId, cause, estimatedRestorationAt, escalationLevel, joinedCount } = complaint;
  await query(
    tx,
    `insert into complaint (id, complaint_number, version, connection_id, account_number, kind, area, status, cycle, lodged_at, due_at,
                            outage_id, cause, estimated_restoration_at, escalation_level, joined_count)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[id, complaintNumber, version, connectionId, accountNumber, kind, area, status, cycle, lodgedAt, dueAt],
      ...[outageId, cause, estimatedRestorationAt, escalationLevel, joinedCount],
    ],
  );
}
