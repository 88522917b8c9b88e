import { query, type Transaction } from '@bijli/postgres';
import type { Outage } from '../domain/outage.ts';

/** Stores which nodes an outage is about now, instead of those before, inside the caller's transaction. */
export async function replaceNodes(tx: Transaction, { id, nodeIds, ownNodeIds }: Outage): Promise<void> {
  await query(tx, 'delete from outage_node where outage_id = :id', { id });
  await query(
    tx,
    `insert into outage_node (outage_id, position, node_id, is_own)
     select :id, position, node_id, position > :wholeNodes
       from unnest(:codes::text[]) with ordinality as node (node_id, position)`,
    { id, wholeNodes: nodeIds.length, codes: [...nodeIds, ...ownNodeIds] },
  );
}

/** Stores what waits of an outage now, instead of what did before, inside the caller's transaction. */
export async function replacePending(tx: Transaction, { id, pending }: Outage): Promise<void> {
  await query(tx, 'delete from pending_change where outage_id = :id', { id });
  for (const [position, change] of pending.entries()) {
    const { type, reason, nodeIds, exceptNodeIds, cause, startsAt, estimatedRestorationAt, estimateSource } = change;
    const { restoredAt, saidAt, takenAt, dueAt, traceparent } = change;
    await query(
      tx,
      `insert into pending_change (outage_id, position, type, reason, node_ids, except_node_ids, cause, starts_at,
                                   estimated_restoration_at, estimate_source, restored_at, said_at, taken_at, due_at, traceparent)
       values (:id, :position, :type, :reason, :nodeIds::text[], :exceptNodeIds::text[], :cause, :startsAt,
               :estimatedRestorationAt, :estimateSource, :restoredAt, :saidAt, :takenAt, :dueAt, :traceparent)`,
      {
        ...{ id, position, type, reason, nodeIds, exceptNodeIds, cause, startsAt, estimatedRestorationAt },
        ...{ estimateSource, restoredAt, saidAt, takenAt, dueAt, traceparent },
      },
    );
  }
}
