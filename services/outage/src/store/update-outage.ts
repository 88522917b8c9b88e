import { assertStored, execute, type Transaction } from '@bijli/postgres';
import type { Outage } from '../domain/outage.ts';
import { loadOutageForUpdate } from './load-outage-for-update.ts';
import { replaceNodes, replacePending } from './replace-parts.ts';

/**
 * Stores what a change made of an outage that the caller's transaction holds locked; `before` is what it was decided on. No change is to its kind
 * or its drafter.
 * @throws where the stored version is not the one before: then two changes were decided on one state; and where the change is to a field
 * that is not stored here.
 */
export async function updateOutage(tx: Transaction, outage: Outage, before: Outage): Promise<void> {
  const { id, version, status, cause, startsAt, estimatedRestorationAt, estimateSource, restoredAt } = outage;
  const { opened, approvedBy, isConfirmed } = outage;
  const updated = await execute(
    tx,
    `update outage
        set version = :version, status = :status, cause = :cause, starts_at = :startsAt, estimated_restoration_at = :estimatedRestorationAt,
            estimate_source = :estimateSource, restored_at = :restoredAt, approved_by = :approvedBy, is_confirmed = :isConfirmed,
            opened_node_ids = :openedNodeIds::text[], opened_except_node_ids = :exceptNodeIds::text[]
      where id = :id and version = :decidedOn`,
    {
      ...{ id, decidedOn: before.version, version, status, cause, startsAt, estimatedRestorationAt, estimateSource },
      ...{ restoredAt, approvedBy, isConfirmed, openedNodeIds: opened.nodeIds, exceptNodeIds: opened.exceptNodeIds },
    },
  );
  if (updated === 0) throw new Error('The outage is not at the version that the change was decided on.');
  if (outage.nodeIds !== before.nodeIds || outage.ownNodeIds !== before.ownNodeIds) await replaceNodes(tx, outage);
  if (outage.pending !== before.pending) await replacePending(tx, outage);
  const stored = await loadOutageForUpdate(tx, id);
  if (stored !== null) assertStored('updateOutage', stored, outage);
}
