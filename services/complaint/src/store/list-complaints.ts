import { type Database, query } from '@bijli/postgres';
import type { Complaint, Status } from '../domain/complaint.ts';
import { COMPLAINT_COLUMNS, type ComplaintRow, complaintOf } from './complaint-row.ts';

/** Each filter is null where it is not asked for; `before` is the id of the last row of the page before. */
export type Page = {
  readonly status: Status | null;
  readonly officeCode: string | null;
  readonly connectionId: string | null;
  /** Only those whose clock ran out before this instant. */
  readonly dueBefore: Date | null;
  readonly before: string | null;
  readonly limit: number;
};

/** Lists complaints, the latest lodged first. */
export async function listComplaints(db: Database, page: Page): Promise<Complaint[]> {
  const rows = await query<ComplaintRow>(
    db,
    `select ${COMPLAINT_COLUMNS}
       from complaint c
      where (:status::text is null or c.status = :status)
        and (:officeCode::text is null or c.office_code = :officeCode)
        and (:connectionId::uuid is null or c.connection_id = :connectionId)
        and (:dueBefore::timestamptz is null or c.due_at < :dueBefore)
        and (:before::uuid is null or c.id < :before)
      order by c.id desc limit :limit`,
    page,
  );
  return rows.map(complaintOf);
}
