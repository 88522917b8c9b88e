import type { NetworkNodeEvent } from '@bijli/events';
import { execute, query, type Transaction } from '@bijli/postgres';
import type { Arrivals } from './note-arrivals.ts';

/**
 * Keeps the newest state of network nodes, inside the caller's transaction. Older versions do nothing. Each node knows all above it, itself
 * first, so that whether an outage feeds a connection is one look; a parent that was not heard of yet is its last.
 * @returns who may have come into the scope of a run.
 */
export async function applyNetworkNodes(tx: Transaction, events: readonly NetworkNodeEvent[]): Promise<Arrivals> {
  const nodeIds = events.map((event) => event.aggregateId);
  await execute(
    tx,
    `insert into network_node as n (node_id, parent_id, kind, valid_from, version)
     select * from unnest(:nodeIds::text[], :parentIds::text[], :kinds::text[], :validFroms::timestamptz[], :versions::bigint[])
     on conflict (node_id) do update
        set parent_id = excluded.parent_id, kind = excluded.kind, valid_from = excluded.valid_from, version = excluded.version
      where excluded.version > n.version`,
    {
      nodeIds,
      parentIds: events.map((event) => event.parentId),
      kinds: events.map((event) => event.kind),
      validFroms: events.map((event) => event.validFrom.toISOString()),
      versions: events.map((event) => event.version),
    },
  );
  const moved = await query<{ node_id: string }>(tx, FIND_PATHS, { nodeIds, most: MOST_LEVELS });
  return { connectionIds: null, nodeIds: moved.map(({ node_id }) => node_id) };
}

/** Zone, circle, division, sub-division, substation, feeder, transformer are seven; more than this is a ring, which the registry refuses. */
const MOST_LEVELS = 32;

/** Of the changed nodes and of everything below them. */
const FIND_PATHS = `
  with recursive below as (
    select unnest(:nodeIds::text[]) as node_id
     union
    select n.node_id from network_node n join below b on n.parent_id = b.node_id),
  above as (
    select n.node_id, n.parent_id, array[n.node_id] as path from network_node n join below b on b.node_id = n.node_id
     union all
    select a.node_id, p.parent_id, a.path || p.node_id
      from above a join network_node p on p.node_id = a.parent_id
     where p.node_id <> all(a.path) and cardinality(a.path) < :most::int)
  update network_node n
     set path = found.path
    from (select distinct on (node_id) node_id,
                 case when parent_id is null or parent_id = any(path) then path else path || parent_id end as path
            from above order by node_id, cardinality(path) desc) found
   where n.node_id = found.node_id and n.path is distinct from found.path
  returning n.node_id`;
