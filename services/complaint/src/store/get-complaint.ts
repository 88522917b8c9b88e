import { type Database, query } from '@bijli/postgres';
import type { Complaint } from '../domain/complaint.ts';
import { COMPLAINT_COLUMNS, type ComplaintRow, complaintOf } from './complaint-row.ts';

/** Gives a complaint by its number; null where there is none. */
export async function getComplaint(db: Database, complaintNumber: string): Promise<Complaint | null> {
  const [row] = await query<ComplaintRow>(
    db,
    `select ${COMPLAINT_COLUMNS} from complaint c where c.complaint_number = :complaintNumber`,
    { complaintNumber },
  );
  return row === undefined ? null : complaintOf(row);
}
