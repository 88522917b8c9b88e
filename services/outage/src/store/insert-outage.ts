import { assertStored, query, type Transaction } from '@bijli/postgres';
import type { Outage } from '../domain/outage.ts';
import { loadOutageForUpdate } from './load-outage-for-update.ts';
import { replaceNodes, replacePending } from './replace-parts.ts';

/** Stores a new outage with its nodes and what waits, inside the caller's transaction. @throws where it has a field that is not stored here. */
export async function insertOutage(tx: Transaction, outage: Outage): Promise<void> {
  const { id, version, kind, status, cause, startsAt, estimatedRestorationAt, estimateSource, restoredAt } = outage;
  const { opened, draftedBy, approvedBy, isConfirmed, pending } = outage;
  await query(
    tx,
    `insert into outage (id, version, kind, status, cause, starts_at, estimated_restoration_at, estimate_source, restored_at,
                         opened_node_ids, opened_except_node_ids, drafted_by, approved_by, is_confirmed)
     values (:id, :version, :kind, :status, :cause, :startsAt, :estimatedRestorationAt, :estimateSource, :restoredAt,
             :openedNodeIds::text[], :exceptNodeIds::text[], :draftedBy, :approvedBy, :isConfirmed)`,
    {
      ...{ id, version, kind, status, cause, startsAt, estimatedRestorationAt, estimateSource, restoredAt },
      ...{ openedNodeIds: opened.nodeIds, exceptNodeIds: opened.exceptNodeIds, draftedBy, approvedBy, isConfirmed },
    },
  );
  await replaceNodes(tx, outage);
  if (pending.length > 0) await replacePending(tx, outage);
  const stored = await loadOutageForUpdate(tx, id);
  if (stored !== null) assertStored('insertOutage', stored, outage);
}
