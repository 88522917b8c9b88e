import { query, type Transaction } from '@bijli/postgres';
import type { OffNodes } from '../domain/off-nodes.ts';
import type { Outage } from '../domain/outage.ts';

/** `to` null has no end; `except` is an outage that is not meant. */
type Sought = OffNodes & {
  readonly kind: Outage['kind'];
  readonly from: Date;
  readonly to: Date | null;
  readonly except: string | null;
};

/**
 * Finds the oldest outage of a kind that is not over and is about one of exactly these nodes; planned work only where
 * its window meets the given one (both half-open). An announcement that waits counts, a draft does not. Null where there is none.
 */
export async function findOutageOnNodes(tx: Transaction, sought: Sought): Promise<string | null> {
  const { kind, nodeIds, ownNodeIds, from, to, except } = sought;
  const [found] = await query<{ id: string }>(
    tx,
    `select o.id
       from outage o
      where o.kind = :kind and o.id is distinct from :except::uuid
        and (o.status in ('announced', 'open')
             or (o.status = 'approved' and exists (select from pending_change p where p.outage_id = o.id)))
        and exists (select from outage_node n where n.outage_id = o.id
                       and n.node_id = any(case when n.is_own then :ownNodeIds::text[] else :nodeIds::text[] end))
        and (o.kind = 'unplanned' or (o.estimated_restoration_at > :from and o.starts_at < coalesce(:to::timestamptz, 'infinity')))
      order by o.id limit 1`,
    { kind, nodeIds, ownNodeIds, from, to, except },
  );
  return found?.id ?? null;
}
