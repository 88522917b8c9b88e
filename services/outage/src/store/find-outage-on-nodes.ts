import { query, type Transaction } from '@bijli/postgres';
import type { Outage } from '../domain/outage.ts';

/** `to` null has no end. */
type Sought = {
  readonly kind: Outage['kind'];
  readonly nodeIds: readonly string[];
  readonly from: Date;
  readonly to: Date | null;
};

/**
 * Finds the oldest outage of a kind that is not over and is about one of exactly these nodes; planned work only where
 * its window meets the given one (both half-open). Null where there is none.
 */
export async function findOutageOnNodes(tx: Transaction, { kind, nodeIds, from, to }: Sought): Promise<string | null> {
  const [found] = await query<{ id: string }>(
    tx,
    `select o.id
       from outage o
      where o.kind = :kind and o.status <> 'restored'
        and exists (select from outage_node n where n.outage_id = o.id and n.node_id = any(:nodeIds::text[]))
        and (o.kind = 'unplanned' or (o.estimated_restoration_at > :from and o.starts_at < coalesce(:to::timestamptz, 'infinity')))
      order by o.id limit 1`,
    { kind, nodeIds, from, to },
  );
  return found?.id ?? null;
}
