import type { Place } from './places.ts';

/**
 * The contacts of the chunk, and what is true at each of their nodes: whether the scope feeds it, which of the outages that stand keeps it off
 * longest, and whether its own outage announces a window there.
 */
export function MOBILES(place: Place, { isCalm }: { readonly isCalm: boolean }): string[] {
  return [
    `below (node_id) as (
       select unnest(:nodeIds::text[])
        union
       select n.node_id from network_node n join below b on n.parent_id = b.node_id)`,
    // Numbered so that the largest number is the latest return time.
    `standing as materialized (
       select o.*, row_number() over (order by o.is_off, o.until, o.outage_id)::int as no
         from outage_now o where o.is_off or (o.is_window and o.outage_id = :outageId::uuid))`,
    `named as materialized (
       select node_id, false as is_own, true as is_scope, null::int as off_no, false as is_window from unnest(:nodeIds::text[]) as node_id
        union all select node_id, true, true, null, false from unnest(:ownNodeIds::text[]) as node_id
        union all select n.node_id, n.is_own, false, case when o.is_off then o.no end, o.is_window
                    from standing o join outage_node n on n.outage_id = o.outage_id)`,
    `contact as materialized (${place.contacts})`,
    `node as materialized (
       select d.node_id, bool_or(x.is_scope) as is_scope, max(x.off_no) as off_no, bool_or(x.is_window) as is_window
         from (select distinct node_id from contact) d
         left join network_node w on w.node_id = d.node_id
         ${isCalm ? FEW_NAMED : MANY_NAMED}
        group by d.node_id)`,
  ];
}

const PATH = 'case when cardinality(w.path) > 0 then w.path else array[d.node_id] end';
/** Few outages stand: to look for their nodes in each path is cheaper than to unfold the paths. */
const FEW_NAMED = `join named x on x.node_id = any(${PATH}) and (not x.is_own or x.node_id = d.node_id)`;
const MANY_NAMED = `
        cross join lateral unnest(${PATH}) with ordinality as up (node_id, depth)
         join named x on x.node_id = up.node_id and (up.depth = 1 or not x.is_own)`;
