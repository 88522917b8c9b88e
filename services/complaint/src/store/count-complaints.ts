import { type Database, query } from '@bijli/postgres';

/** Complaints as an operator watches them. */
export type Counts = { readonly open: number; readonly overdue: number; readonly awaitingAnswer: number };

/** Counts the complaints whose clock runs, those whose clock ran out, and those whose consumer is asked. */
export async function countComplaints(db: Database, now: Date): Promise<Counts> {
  const [row] = await query<{ open: number; overdue: number; awaiting: number }>(
    db,
    `select (select count(*)::integer from complaint where due_at is not null) as open,
            (select count(*)::integer from complaint where due_at < :now) as overdue,
            (select count(*)::integer from complaint where status = 'resolved') as awaiting`,
    { now },
  );
  return { open: row?.open ?? 0, overdue: row?.overdue ?? 0, awaitingAnswer: row?.awaiting ?? 0 };
}
