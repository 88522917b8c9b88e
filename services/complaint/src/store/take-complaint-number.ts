import { query, type Transaction } from '@bijli/postgres';
import { istDate } from '@bijli/units';
import { complaintNumber } from '../domain/complaint-number.ts';

/**
 * Takes the next number of the year that it is in India. The year's row stays locked until the caller's transaction
 * ends, so numbers are unique and have no gaps: whoever rolls back gives his back. A sequence would not wait and would leave gaps, which
 * people who count complaints take for lost ones. Take it last: the others wait for the commit.
 */
export async function takeComplaintNumber(tx: Transaction, now: Date): Promise<string> {
  const { year } = istDate(now);
  const [row] = await query<{ latest: number }>(
    tx,
    `insert into complaint_year as y (year, latest) values (:year, 1)
     on conflict (year) do update set latest = y.latest + 1 returning latest`,
    { year },
  );
  if (row === undefined) throw new Error('The year gave no number.');
  return complaintNumber(year, row.latest);
}
