import { type Database, query } from '@bijli/postgres';
import type { Outage } from '../domain/outage.ts';

/** An outage in a list: how many nodes, not which. */
export type ListedOutage = Omit<Outage, 'nodeIds'> & { readonly nodeCount: number };
/** `before` is the id of the last row of the page before. */
export type Page = { readonly status: Outage['status'] | null; readonly before: string | null; readonly limit: number };

type ListedRow = {
  readonly id: string;
  readonly version: number;
  readonly kind: Outage['kind'];
  readonly status: Outage['status'];
  readonly cause: Outage['cause'];
  readonly starts_at: Date;
  readonly estimated_restoration_at: Date;
  readonly restored_at: Date | null;
  readonly node_count: number;
};

/** Lists outages, the latest opened first. */
export async function listOutages(db: Database, { status, before, limit }: Page): Promise<ListedOutage[]> {
  const rows = await query<ListedRow>(
    db,
    `select o.id, o.version, o.kind, o.status, o.cause, o.starts_at, o.estimated_restoration_at, o.restored_at,
            (select count(*)::integer from outage_node n where n.outage_id = o.id) as node_count
       from outage o
      where (:status::text is null or o.status = :status) and (:before::uuid is null or o.id < :before)
      order by o.id desc limit :limit`,
    { status, before, limit },
  );
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    kind: row.kind,
    status: row.status,
    cause: row.cause,
    startsAt: row.starts_at,
    estimatedRestorationAt: row.estimated_restoration_at,
    restoredAt: row.restored_at,
    nodeCount: row.node_count,
  }));
}
