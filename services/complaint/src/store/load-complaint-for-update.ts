import { query, type Transaction } from '@bijli/postgres';
import type { Complaint } from '../domain/complaint.ts';
import { COMPLAINT_COLUMNS, type ComplaintRow, complaintOf } from './complaint-row.ts';

/** Loads a complaint by its number and locks it until the end of the caller's transaction; null where there is none. */
export async function loadComplaintForUpdate(tx: Transaction, complaintNumber: string): Promise<Complaint | null> {
  const [row] = await query<ComplaintRow>(
    tx,
    `select ${COMPLAINT_COLUMNS} from complaint c where c.complaint_number = :complaintNumber for update of c`,
    { complaintNumber },
  );
  return row === undefined ? null : complaintOf(row);
}
