import type { NetworkNodeEvent } from '@bijli/events';
import type { Transaction } from '@bijli/postgres';

/** Keeps the newest state of network nodes, inside the caller's transaction. Older versions do nothing. */
export async function applyNetworkNodes(tx: Transaction, events: readonly NetworkNodeEvent[]): Promise<void> {
  await tx.raw(
    `insert into network_node as n (node_id, parent_id, kind, valid_from, version)
     select * from unnest(cast(:nodeIds as text[]), cast(:parentIds as text[]), cast(:kinds as text[]),
                          cast(:validFroms as timestamptz[]), cast(:versions as bigint[]))
     on conflict (node_id) do update
        set parent_id = excluded.parent_id, kind = excluded.kind, valid_from = excluded.valid_from, version = excluded.version
      where excluded.version > n.version`,
    {
      nodeIds: events.map((event) => event.aggregateId),
      parentIds: events.map((event) => event.parentId),
      kinds: events.map((event) => event.kind),
      validFroms: events.map((event) => event.validFrom),
      versions: events.map((event) => event.version),
    },
  );
}
