import type { Place } from './places.ts';

/**
 * The contacts of the chunk, and what is true at each of their nodes: whether the scope feeds it, which of the outages that stand keeps it off
 * longest, and whether its own outage announces a window there.
 */
export function MOBILES(place: Place, { isWide, isCalm }: Readonly<Record<'isWide' | 'isCalm', boolean>>): string[] {
  return [
    `below (node_id) as (
       select unnest(:nodeIds::text[])
        union
       select n.node_id
         from below b cross join lateral (select node_id from network_node n where n.parent_id = b.node_id offset 0) n)`,
    // Numbered so that the largest number is the latest return time.
    `standing as materialized (
       select o.*, row_number() over (order by o.is_off, o.until, o.outage_id)::int as no
         from outage_now o where o.is_off or (o.is_window and o.outage_id = :outageId::uuid))`,
    `contact as materialized (${place.contacts})`,
    ...(isWide ? [NAMED, nodeBy(isCalm ? FEW_NAMED : MANY_NAMED)] : [NODE_BY_NODE]),
  ];
}

const NAMED = `named as materialized (
       select node_id, false as is_own, true as is_scope, null::int as off_no, false as is_window from unnest(:nodeIds::text[]) as node_id
        union all select node_id, true, true, null, false from unnest(:ownNodeIds::text[]) as node_id
        union all select n.node_id, n.is_own, false, case when o.is_off then o.no end, o.is_window
                    from standing o join outage_node n on n.outage_id = o.outage_id)`;
const nodeBy = (named: string): string => `node as materialized (
       select d.node_id, bool_or(x.is_scope) as is_scope, max(x.off_no) as off_no, bool_or(x.is_window) as is_window
         from (select distinct node_id from contact) d
         left join network_node w on w.node_id = d.node_id
         ${named}
        group by d.node_id)`;

const PATH = 'case when cardinality(w.path) > 0 then w.path else array[d.node_id] end';
/** Few outages stand: to look for their nodes in each path is cheaper than to unfold the paths. */
const FEW_NAMED = `join named x on x.node_id = any(${PATH}) and (not x.is_own or x.node_id = d.node_id)`;
const MANY_NAMED = `
        cross join lateral unnest(${PATH}) with ordinality as up (node_id, depth)
         join named x on x.node_id = up.node_id and (up.depth = 1 or not x.is_own)`;

/** Few contacts: each node of their paths is looked up among those of outages, however many of them stand. */
const NODE_BY_NODE = `node as materialized (
       select d.node_id,
              bool_or(up.node_id in (select unnest(:nodeIds::text[])) or (up.depth = 1 and up.node_id in (select unnest(:ownNodeIds::text[])))) as is_scope,
              max(x.off_no) as off_no, coalesce(bool_or(x.is_window), false) as is_window
         from (select distinct node_id from contact) d
         left join network_node w on w.node_id = d.node_id
        cross join lateral unnest(${PATH}) with ordinality as up (node_id, depth)
        cross join lateral (
              select max(o.no) filter (where o.is_off) as off_no, bool_or(o.is_window) as is_window
                from outage_node n join standing o on o.outage_id = n.outage_id
               where n.node_id = up.node_id and (up.depth = 1 or not n.is_own)) x
        group by d.node_id)`;
