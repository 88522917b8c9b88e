import { query, type Transaction } from '@bijli/postgres';

/** Gives the positions (from 0) of the codes that the network does not have. */
export async function findUnknownNodes(tx: Transaction, nodeIds: readonly string[]): Promise<number[]> {
  const rows = await query<{ position: number }>(
    tx,
    `select (position - 1)::integer as position
       from unnest(:nodeIds::text[]) with ordinality as given (code, position)
      where not exists (select from network_node known where known.code = given.code)
      order by position`,
    { nodeIds },
  );
  return rows.map(({ position }) => position);
}
