import { query, type Transaction } from '@bijli/postgres';

/** Any number of our own; advisory locks of this database are listed here and in libs/outbox only. */
const SUBSTATION_LOCK = 7_204_110;

/**
 * Lets one transaction at a time, until the caller's ends, open, reopen or restore what hangs on the substations of these nodes: two could not
 * see each other's. A node above substations means all below it; one that is under none yet means the highest above it. Always in one order,
 * so that two who want the same ones do not wait for each other.
 */
export async function lockSubstations(tx: Transaction, nodeIds: readonly string[]): Promise<void> {
  await query(
    tx,
    // union, not union all: a circle, while its nodes are told in the wrong order, comes to an end.
    `with recursive up as (
       select n.code as named, n.code, n.parent_code, n.kind from network_node n where n.code = any(:nodeIds::text[])
       union
       select u.named, n.code, n.parent_code, n.kind from up u join network_node n on n.code = u.parent_code),
     loose as (
       select * from up u where not exists (select from up s where s.named = u.named and s.kind = 'substation')),
     down as (
       select l.code, l.kind from loose l where l.code = l.named
       union
       select n.code, n.kind from down d join network_node n on n.parent_code = d.code
        where d.kind in ('zone', 'circle', 'division', 'sub-division')),
     place as (
       select code from up where kind = 'substation'
       union select code from down where kind = 'substation'
       union select code from loose l where not exists (select from network_node n where n.code = l.parent_code)),
     key as (select distinct hashtext(code) as key from place)
     select pg_advisory_xact_lock(:substationLock::integer, key) from (select key from key order by key) in_order`,
    { nodeIds, substationLock: SUBSTATION_LOCK },
  );
}
