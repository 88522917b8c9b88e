import { type Database, query, type Transaction } from '@bijli/postgres';
import type { Complaint } from '../domain/complaint.ts';
import { COMPLAINT_COLUMNS, type ComplaintRow, complaintOf } from './complaint-row.ts';

/** Any number of our own; advisory locks of this database are listed in store/ and in libs/outbox only. */
const CLOSING_LOCK = 7_204_131;
const UNANSWERED = `c.status = 'resolved' and c.answer_due_at <= :now`;

/** Tells whether the answer to some question is due. */
export async function isAnswerDue(db: Database, now: Date): Promise<boolean> {
  const rows = await query(db, `select from complaint c where ${UNANSWERED} limit 1`, { now });
  return rows.length > 0;
}

/**
 * Locks so many of the complaints whose consumer was asked and has not answered in time, the longest due first. One
 * replica at a time gets them: the others get none. What somebody is answering in this moment is left out.
 */
export async function lockUnanswered(tx: Transaction, now: Date, atMost: number): Promise<Complaint[]> {
  const [lock] = await query<{ taken: boolean }>(tx, 'select pg_try_advisory_xact_lock(:closingLock) as taken', {
    closingLock: CLOSING_LOCK,
  });
  if (lock?.taken !== true) return [];
  const rows = await query<ComplaintRow>(
    tx,
    `select ${COMPLAINT_COLUMNS} from complaint c where ${UNANSWERED}
      order by c.answer_due_at limit :atMost for update of c skip locked`,
    { now, atMost },
  );
  return rows.map(complaintOf);
}
