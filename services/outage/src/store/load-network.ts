import { query, type Transaction } from '@bijli/postgres';
import type { FedNode } from '../domain/network.ts';

/** Loads the nodes with these codes, all above them, and what hangs directly on any of those. */
export async function loadNetwork(tx: Transaction, codes: readonly string[]): Promise<FedNode[]> {
  const rows = await query<{ code: string; parent_code: string | null }>(
    tx,
    `with recursive up as (
       select n.code, n.parent_code from network_node n where n.code = any(:codes::text[])
       union
       select n.code, n.parent_code from up u join network_node n on n.code = u.parent_code)
     select code, parent_code from up
     union
     select n.code, n.parent_code from up u join network_node n on n.parent_code = u.code`,
    { codes },
  );
  return rows.map(({ code, parent_code: parentCode }) => ({ code, parentCode }));
}
