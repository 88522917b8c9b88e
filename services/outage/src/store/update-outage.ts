import { query, type Transaction } from '@bijli/postgres';
import type { Outage } from '../domain/outage.ts';

/**
 * This function will store what a change made of an outage that the caller's transaction holds locked. Kind, cause, nodes and start
 * never change. Throws where the stored version is not the one before: then two changes were decided on one state.
 */
export async function updateOutage(
  tx: Transaction,
  { id, version, status, estimatedRestorationAt, restoredAt }: Outage,
): Promise<void> {
  const updated = await query(
    tx,
    'update outage set version = ?, status = ?, estimated_restoration_at = ?, restored_at = ? where id = ? and version = ? returning id',
    [version, status, estimatedRestorationAt, restoredAt, id, version - 1],
  );
  if (updated.length !== 1) throw new Error('The outage is not at the version that the change was decided on.');
}
