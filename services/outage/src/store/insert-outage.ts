import { assertStored, query, type Transaction } from '@bijli/postgres';
import type { Outage } from '../domain/outage.ts';
import { OUTAGE_COLUMNS, type OutageRow, outageOf } from './outage-row.ts';

/** Stores a new outage with its nodes, inside the caller's transaction. @throws where it has a field that is not stored here. */
export async function insertOutage(tx: Transaction, outage: Outage): Promise<void> {
  const { id, version, kind, status, cause, startsAt, estimatedRestorationAt, restoredAt, nodeIds } = outage;
  const [inserted] = await query<OutageRow>(
    tx,
    `insert into outage as o (id, version, kind, status, cause, starts_at, estimated_restoration_at, restored_at)
     values (:id, :version, :kind, :status, :cause, :startsAt, :estimatedRestorationAt, :restoredAt)
     returning ${OUTAGE_COLUMNS}`,
    { id, version, kind, status, cause, startsAt, estimatedRestorationAt, restoredAt },
  );
  if (inserted !== undefined) assertStored('insertOutage', { ...outageOf(inserted), nodeIds }, outage);
  await query(
    tx,
    `insert into outage_node (outage_id, position, node_id)
     select :id, position, node_id from unnest(:nodeIds::text[]) with ordinality as node (node_id, position)`,
    { id, nodeIds },
  );
}
