import { query, type Transaction } from '@bijli/postgres';

/** Gives all nodes that some outages are about: those with these ids of ours, and those that the control room means by these of its own. */
export async function findNodesOfOutages(
  tx: Transaction,
  { outageIds, sourceIds }: { readonly outageIds: readonly string[]; readonly sourceIds: readonly string[] },
): Promise<string[]> {
  const rows = await query<{ node_id: string }>(
    tx,
    `select distinct n.node_id
       from outage_node n
      where n.outage_id = any(:outageIds::uuid[])
         or n.outage_id in (select m.outage_id from control_room_outage m where m.source_id = any(:sourceIds::text[]))`,
    { outageIds, sourceIds },
  );
  return rows.map(({ node_id }) => node_id);
}
