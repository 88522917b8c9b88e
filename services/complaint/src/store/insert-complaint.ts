import { assertStored, query, type Transaction } from '@bijli/postgres';
import type { Complaint } from '../domain/complaint.ts';
import { COMPLAINT_COLUMNS, type ComplaintRow, complaintOf } from './complaint-row.ts';

/** Stores a new complaint, inside the caller's transaction. @throws where it has a field that is not stored here. */
export async function insertComplaint(tx: Transaction, complaint: Complaint): Promise<void> {
  const { id, complaintNumber, version, connectionId, accountNumber, kind, area, status, cycle, lodgedAt } = complaint;
  const { dueAt, outageId, cause, estimatedRestorationAt, escalationLevel, joinedCount } = complaint;
  const [inserted] = await query<ComplaintRow>(
    tx,
    `insert into complaint as c (id, complaint_number, version, connection_id, account_number, kind, area, status, cycle, lodged_at, due_at,
                            outage_id, cause, estimated_restoration_at, escalation_level, joined_count)
     values (:id, :complaintNumber, :version, :connectionId, :accountNumber, :kind, :area, :status, :cycle, :lodgedAt, :dueAt,
             :outageId, :cause, :estimatedRestorationAt, :escalationLevel, :joinedCount)
     returning ${COMPLAINT_COLUMNS}`,
    {
      ...{ id, complaintNumber, version, connectionId, accountNumber, kind, area, status, cycle, lodgedAt, dueAt },
      ...{ outageId, cause, estimatedRestorationAt, escalationLevel, joinedCount },
    },
  );
  if (inserted !== undefined) assertStored('insertComplaint', complaintOf(inserted), complaint);
}
