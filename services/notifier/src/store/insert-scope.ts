import type { Transaction } from '@bijli/postgres';

/**
 * Stores the scope of a run: the nodes named by the event with everything below them in the network
 * as it is now. Nodes that the notifier has not heard of count as themselves. Inside the caller's transaction.
 */
export async function insertScope(tx: Transaction, runId: string, nodeIds: readonly string[]): Promise<void> {
  await tx.raw(
    `insert into run_scope (run_id, node_id)
     with recursive below as (
       select unnest(cast(:nodeIds as text[])) as node_id
       union
       select n.node_id from network_node n join below b on n.parent_id = b.node_id
     )
     select cast(:runId as uuid), node_id from below`,
    { runId, nodeIds },
  );
}
