import type { Outage } from '../domain/outage.ts';

/** Columns of an outage, its nodes in their order; for a statement on `outage o`. */
export const OUTAGE_COLUMNS = `o.id, o.version, o.kind, o.status, o.cause, o.starts_at, o.estimated_restoration_at, o.restored_at,
  array(select n.node_id from outage_node n where n.outage_id = o.id order by n.position) as node_ids`;

/** A row of `OUTAGE_COLUMNS`. */
export type OutageRow = {
  readonly id: string;
  readonly version: number;
  readonly kind: Outage['kind'];
  readonly status: Outage['status'];
  readonly cause: Outage['cause'];
  readonly starts_at: Date;
  readonly estimated_restoration_at: Date;
  readonly restored_at: Date | null;
  readonly node_ids: string[];
};

/** Makes the outage of a row. */
export function outageOf(row: OutageRow): Outage {
  return {
    id: row.id,
    version: row.version,
    kind: row.kind,
    status: row.status,
    cause: row.cause,
    nodeIds: row.node_ids,
    startsAt: row.starts_at,
    estimatedRestorationAt: row.estimated_restoration_at,
    restoredAt: row.restored_at,
  };
}
