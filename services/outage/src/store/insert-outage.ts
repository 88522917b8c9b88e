import { query, type Transaction } from '@bijli/postgres';
import type { Outage } from '../domain/outage.ts';

/** This function will store a new outage with its nodes, inside the caller's transaction. */
export async function insertOutage(tx: Transaction, outage: Outage): Promise<void> {
  const { id, version, kind, status, cause, startsAt, estimatedRestorationAt, restoredAt, nodeIds } = outage;
  await query(
    tx,
    `insert into outage (id, version, kind, status, cause, starts_at, estimated_restoration_at, restored_at)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [id, version, kind, status, cause, startsAt, estimatedRestorationAt, restoredAt],
  );
  await query(
    tx,
    `insert into outage_node (outage_id, position, node_id)
     select ?, position, node_id from unnest(?::text[]) with ordinality as node (node_id, position)`,
    [id, nodeIds],
  );
}
