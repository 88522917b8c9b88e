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
  const { status, officeCode, connectionId, dueBefore, before, limit } = page;
  const rows = await query<ComplaintRow>(
    db,
    `select ${COMPLAINT_COLUMNS}
       from complaint c
      where (?::text is null or c.status = ?)
        and (?::text is null or c.office_code = ?)
        and (?::uuid is null or c.connection_id = ?)
        and (?::timestamptz is null or c.due_at < ?)
        and (?::uuid is null or c.id < ?)
      order by c.id desc limit ?`,
    [
      ...[status, status, officeCode, officeCode, connectionId, connectionId, dueBefore, dueBefore],
      ...[before, before, limit],
    ],
  );
  return rows.map(complaintOf);
}
