import { query, type Transaction } from '@bijli/postgres';
import type { NamedNodes, OffNodes } from '../domain/off-nodes.ts';

/** The nodes as they are named, and as they are off; `restoredSince` is when an outage that is reopened was restored at the earliest. */
type Sought = { readonly named: NamedNodes; readonly off: OffNodes; readonly restoredSince: Date };

/**
 * Finds the cuts, the latest first, that a report of nodes may be about: one that no person has confirmed, one of which a restoration waits,
 * one that was restored a moment ago. Whether the nodes are really the same is decided from the outage.
 */
export async function findOutagesToJoin(tx: Transaction, { named, off, restoredSince }: Sought): Promise<string[]> {
  const rows = await query<{ id: string }>(
    tx,
    `select o.id
       from outage o
      where o.kind = 'unplanned'
        and (o.status in ('unconfirmed', 'open') or (o.status = 'restored' and o.restored_at >= :restoredSince))
        and (o.status <> 'open' or not o.is_confirmed or exists (select from pending_change p where p.outage_id = o.id))
        and (o.opened_node_ids && :nodeIds::text[]
             or exists (select from outage_node n where n.outage_id = o.id and n.node_id = any(:offNodeIds::text[]))
             or exists (select from pending_change p where p.outage_id = o.id and p.node_ids && :nodeIds::text[]))
      order by o.id desc`,
    { nodeIds: named.nodeIds, offNodeIds: [...off.nodeIds, ...off.ownNodeIds], restoredSince },
  );
  return rows.map(({ id }) => id);
}
