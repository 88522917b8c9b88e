import { query, type SqlValues, type Transaction } from '@bijli/postgres';
import type { Complaint, Kind } from '../domain/complaint.ts';
import { COMPLAINT_COLUMNS, type ComplaintRow, complaintOf } from './complaint-row.ts';

/** First half of the advisory locks under which complaints of a connection are lodged and reopened; the second is the connection. */
const LODGING_LOCKS = 7_204_130;

/**
 * Lets one transaction at a time lodge or reopen complaints of a connection, until the caller's ends: two could not see
 * each other's. Not a lock of the connection's row: that belongs to the projection.
 */
export async function lockLodging(tx: Transaction, connectionId: string): Promise<void> {
  await query(tx, 'select pg_advisory_xact_lock(:lodgingLocks::integer, hashtext(:connectionId))', {
    lodgingLocks: LODGING_LOCKS,
    connectionId,
  });
}

/** Finds the one complaint of a kind on a connection that is not closed, and locks it; null where there is none. */
export async function findOpenComplaint(tx: Transaction, connectionId: string, kind: Kind): Promise<Complaint | null> {
  return await first(
    tx,
    `select ${COMPLAINT_COLUMNS} from complaint c
      where c.connection_id = :connectionId and c.kind = :kind and c.status not in ('answered', 'closed') for update of c`,
    { connectionId, kind },
  );
}

/** Finds the latest complaint of a connection that was answered with an outage, and locks it; null where there is none. */
export async function findAnsweredComplaint(
  tx: Transaction,
  connectionId: string,
  outageId: string,
): Promise<Complaint | null> {
  return await first(
    tx,
    `select ${COMPLAINT_COLUMNS} from complaint c
      where c.connection_id = :connectionId and c.outage_id = :outageId and c.status = 'answered'
      order by c.id desc limit 1 for update of c`,
    { connectionId, outageId },
  );
}

async function first(tx: Transaction, sql: string, values: SqlValues): Promise<Complaint | null> {
  const [row] = await query<ComplaintRow>(tx, sql, values);
  return row === undefined ? null : complaintOf(row);
}
