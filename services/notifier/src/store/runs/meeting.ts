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

/** Which of `live` are met, by its column `which`: a query. */
export function MET(which: 'run_id' | 'thread_id'): string {
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
