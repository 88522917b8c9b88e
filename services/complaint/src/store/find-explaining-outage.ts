import { query, type Transaction } from '@bijli/postgres';
import type { OutageFacts } from '../domain/complaint.ts';

type Row = { readonly outage_id: string; readonly cause: string; readonly estimated_restoration_at: Date };

/**
 * Finds the outage that explains why there is no supply below a node: it names the node or one above it (the node itself
 * where only what hangs on it is off), it has begun and is not over, and it is expected to end. Of several the one that began latest; null where there is none. One whose estimate has
 * passed explains nothing: supply is back and nobody said so, or nobody knows when it will be; somebody must go and look.
 */
export async function findExplainingOutage(tx: Transaction, nodeCode: string, now: Date): Promise<OutageFacts | null> {
  const [row] = await query<Row>(
    tx,
    // union, not union all: a circle, while its nodes are told in the wrong order, comes to an end.
    `with recursive above as (
       select :nodeCode::text as code
       union
       select n.parent_code from network_node n join above a on n.code = a.code where n.parent_code is not null)
     select o.outage_id, o.cause, o.estimated_restoration_at
       from above a
       join outage_node n on n.node_code = a.code and (a.code = :nodeCode or not n.is_own)
       join outage o using (outage_id)
      where (o.status = 'open' or (o.status = 'announced' and o.starts_at <= :now)) and o.estimated_restoration_at > :now
      order by o.starts_at desc, o.outage_id desc limit 1`,
    { nodeCode, now },
  );
  if (row === undefined) return null;
  return { outageId: row.outage_id, cause: row.cause, estimatedRestorationAt: row.estimated_restoration_at };
}
