/*
 * Whether runs meet: one speaks of a node at, above or below a node of the other. Each is a list of CTEs over `scope (node_id)` and
 * `live (thread_id or run_id, node_id)`. Nodes are looked up one by one (limit, offset): joined freely, the planner read the whole network for each.
 */

/** The nodes of a scope and all above them, as `above (node_id)`. */
export const ABOVE = `above as materialized (
       select distinct up.node_id
         from scope s
        cross join lateral (select unnest(w.path) as node_id from network_node w where w.node_id = s.node_id offset 0) up
        union select node_id from scope)`;

/** What a scope of few feeds, itself included, as `below (node_id)`. */
const BELOW = `
       with recursive below (node_id) as (
         select node_id from scope
          union
         select n.node_id
           from below b cross join lateral (select node_id from network_node n where n.parent_id = b.node_id offset 0) n)
       select node_id from below`;

/** Which of `live` are met, by its column `which`: a query. Of a wide scope it would take too long to look at all that it feeds. */
export function MET(which: 'run_id' | 'thread_id', { isWide }: { readonly isWide: boolean }): string {
  if (!isWide)
    return `select distinct ${which} from live where node_id in (select node_id from above union (${BELOW}))`;
  return `
       select ${which} from live where node_id in (select node_id from above)
        union
       select l.${which}
         from live l
        cross join lateral (
              select from network_node w cross join unnest(w.path) as up (node_id)
               where w.node_id = l.node_id and up.node_id in (select node_id from scope)
               limit 1) below`;
}
