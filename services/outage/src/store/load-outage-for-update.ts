import { query, type Transaction } from '@bijli/postgres';
import type { Outage } from '../domain/outage.ts';
import { OUTAGE_COLUMNS, type OutageRow, outageOf } from './outage-row.ts';

/** Loads an outage and locks it until the end of the caller's transaction; null where there is none. */
export async function loadOutageForUpdate(tx: Transaction, id: string): Promise<Outage | null> {
  const [row] = await query<OutageRow>(tx, `select ${OUTAGE_COLUMNS} from outage o where o.id = :id for update of o`, {
    id,
  });
  return row === undefined ? null : outageOf(row);
}
