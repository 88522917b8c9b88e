import { type Database, query } from '@bijli/postgres';
import type { Outage } from '../domain/outage.ts';
import { EXPIRING } from './expiring-estimates.ts';

/** An outage in a list: how many nodes, not which; and nothing of how it came about. */
export type ListedOutage = Pick<
  Outage,
  | 'id'
  | 'version'
  | 'kind'
  | 'status'
  | 'cause'
  | 'startsAt'
  | 'estimatedRestorationAt'
  | 'estimateSource'
  | 'restoredAt'
> & { readonly nodeCount: number };
/**
 * A null status means all that are told of: drafts and what nobody has confirmed only where they are asked for. `expiresBy` means open ones
 * whose estimate passes until then; `before` is the id of the last row of the page before.
 */
export type Page = {
  readonly status: Outage['status'] | null;
  readonly expiresBy: Date | null;
  readonly before: string | null;
  readonly limit: number;
};

type ListedRow = {
  readonly id: string;
  readonly version: number;
  readonly kind: Outage['kind'];
  readonly status: Outage['status'];
  readonly cause: Outage['cause'];
  readonly starts_at: Date;
  readonly estimated_restoration_at: Date;
  readonly estimate_source: Outage['estimateSource'];
  readonly restored_at: Date | null;
  readonly node_count: number;
};

/** Lists outages, the latest opened first. */
export async function listOutages(db: Database, { status, expiresBy, before, limit }: Page): Promise<ListedOutage[]> {
  const rows = await query<ListedRow>(
    db,
    `select o.id, o.version, o.kind, o.status, o.cause, o.starts_at, o.estimated_restoration_at, o.estimate_source, o.restored_at,
            (select count(*)::integer from outage_node n where n.outage_id = o.id) as node_count
       from outage o
      where (case when :status::text is null then o.version > 0 else o.status = :status end)
        and (:expiresBy::timestamptz is null or (${EXPIRING}))
        and (:before::uuid is null or o.id < :before)
      order by o.id desc limit :limit`,
    { status, expiresBy, before, limit },
  );
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    kind: row.kind,
    status: row.status,
    cause: row.cause,
    startsAt: row.starts_at,
    estimatedRestorationAt: row.estimated_restoration_at,
    estimateSource: row.estimate_source,
    restoredAt: row.restored_at,
    nodeCount: row.node_count,
  }));
}
