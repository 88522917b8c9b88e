import { execute, query, type Transaction } from '@bijli/postgres';
import type { OutageState } from '../../domain/outage-state.ts';

/** Nodes of an outage: everything below `nodeIds`, and what hangs on `ownNodeIds` themselves. */
export type OutageNodes = { readonly nodeIds: readonly string[]; readonly ownNodeIds: readonly string[] };

/**
 * Keeps the newest state of an outage, inside the caller's transaction, whether anybody is told of it or not: what is true is made of these.
 * @returns the nodes of its state before; null when this state is not newer than the one that is kept.
 */
export async function keepOutage(tx: Transaction, outage: OutageState, now: Date): Promise<OutageNodes | null> {
  const [before] = await query<{ node_ids: string[] | null; own_node_ids: string[] | null }>(
    tx,
    `select array_agg(node_id order by node_id) filter (where not is_own) as node_ids,
            array_agg(node_id order by node_id) filter (where is_own) as own_node_ids
       from outage_node where outage_id = :outageId`,
    { outageId: outage.outageId },
  );
  const kept = await execute(
    tx,
    `insert into outage_now as o (outage_id, version, kind, cause, is_off, is_window, starts_at, until, heard_at)
     values (:outageId, :version, :kind, :cause, :isOff, :isWindow, :startsAt, :until, :now)
     on conflict (outage_id) do update
        set version = excluded.version, kind = excluded.kind, cause = excluded.cause, is_off = excluded.is_off,
            is_window = excluded.is_window, starts_at = excluded.starts_at, until = excluded.until, heard_at = excluded.heard_at
      where excluded.version > o.version`,
    {
      outageId: outage.outageId,
      version: outage.version,
      kind: outage.kind,
      cause: outage.cause,
      isOff: outage.isOff,
      isWindow: outage.isWindow,
      startsAt: outage.startsAt,
      until: outage.until,
      now,
    },
  );
  if (kept === 0) return null;
  await execute(tx, 'delete from outage_node where outage_id = :outageId', { outageId: outage.outageId });
  await execute(
    tx,
    `insert into outage_node (outage_id, node_id, is_own)
     select :outageId::uuid, node_id, is_own
       from unnest(:nodeIds::text[] || :ownNodeIds::text[],
                   array_fill(false, array[cardinality(:nodeIds::text[])]) || array_fill(true, array[cardinality(:ownNodeIds::text[])]))
            as n (node_id, is_own)
     on conflict do nothing`,
    { outageId: outage.outageId, nodeIds: outage.nodeIds, ownNodeIds: outage.ownNodeIds },
  );
  return { nodeIds: before?.node_ids ?? [], ownNodeIds: before?.own_node_ids ?? [] };
}
