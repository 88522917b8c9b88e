import { assertStored, query, type Transaction } from '@bijli/postgres';
import type { Outage } from '../domain/outage.ts';
import { OUTAGE_COLUMNS, type OutageRow, outageOf } from './outage-row.ts';

/**
 * Stores what a change made of an outage that the caller's transaction holds locked. No event changes kind, cause, nodes or start.
 * @throws where the stored version is not the one before: then two changes were decided on one state; and where the change is to a field
 * that is not stored here.
 */
export async function updateOutage(tx: Transaction, outage: Outage): Promise<void> {
  const { id, version, status, estimatedRestorationAt, restoredAt } = outage;
  const [updated] = await query<OutageRow>(
    tx,
    `update outage o
        set version = :version, status = :status, estimated_restoration_at = :estimatedRestorationAt, restored_at = :restoredAt
      where o.id = :id and o.version = :decidedOn
     returning ${OUTAGE_COLUMNS}`,
    { version, status, estimatedRestorationAt, restoredAt, id, decidedOn: version - 1 },
  );
  if (updated === undefined) throw new Error('The outage is not at the version that the change was decided on.');
  assertStored('updateOutage', outageOf(updated), outage);
}
