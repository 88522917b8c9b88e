import type { Outage, PendingChange } from '../domain/outage.ts';

/** Columns of an outage, its nodes and what waits in their order; for a statement on `outage o`. */
export const OUTAGE_COLUMNS = `o.id, o.version, o.kind, o.status, o.cause, o.starts_at, o.estimated_restoration_at, o.estimate_source,
  o.restored_at, o.opened_node_ids, o.opened_except_node_ids, o.drafted_by, o.approved_by, o.is_confirmed,
  array(select n.node_id from outage_node n where n.outage_id = o.id and not n.is_own order by n.position) as node_ids,
  array(select n.node_id from outage_node n where n.outage_id = o.id and n.is_own order by n.position) as own_node_ids,
  (select coalesce(json_agg(p order by p.position), '[]') from pending_change p where p.outage_id = o.id)::text as pending`;

/** A row of `OUTAGE_COLUMNS`. */
export type OutageRow = {
  readonly id: string;
  readonly version: number;
  readonly kind: Outage['kind'];
  readonly status: Outage['status'];
  readonly cause: Outage['cause'];
  readonly starts_at: Date;
  readonly estimated_restoration_at: Date;
  readonly estimate_source: Outage['estimateSource'];
  readonly restored_at: Date | null;
  readonly opened_node_ids: string[];
  readonly opened_except_node_ids: string[];
  readonly drafted_by: string | null;
  readonly approved_by: string | null;
  readonly is_confirmed: boolean;
  readonly node_ids: string[];
  readonly own_node_ids: string[];
  /** JSON. */
  readonly pending: string;
};

/** A row of `pending_change` as JSON has it: instants are texts. */
type PendingRow = {
  readonly type: PendingChange['type'];
  readonly reason: PendingChange['reason'];
  readonly node_ids: string[];
  readonly except_node_ids: string[];
  readonly cause: PendingChange['cause'];
  readonly starts_at: string | null;
  readonly estimated_restoration_at: string | null;
  readonly estimate_source: PendingChange['estimateSource'];
  readonly restored_at: string | null;
  readonly said_at: string;
  readonly taken_at: string;
  readonly due_at: string;
  readonly traceparent: string | null;
};

/** Makes the outage of a row. */
export function outageOf(row: OutageRow): Outage {
  const isOfReleaseBefore = row.opened_node_ids.length === 0;
  return {
    id: row.id,
    version: row.version,
    kind: row.kind,
    status: row.status,
    cause: row.cause,
    opened: {
      nodeIds: isOfReleaseBefore ? row.node_ids : row.opened_node_ids,
      exceptNodeIds: row.opened_except_node_ids,
    },
    nodeIds: row.node_ids,
    ownNodeIds: row.own_node_ids,
    startsAt: row.starts_at,
    estimatedRestorationAt: row.estimated_restoration_at,
    estimateSource: row.estimate_source,
    restoredAt: row.restored_at,
    draftedBy: row.drafted_by,
    approvedBy: row.approved_by,
    isConfirmed: row.is_confirmed,
    pending: (JSON.parse(row.pending) as PendingRow[]).map(pendingOf),
  };
}

function pendingOf(row: PendingRow): PendingChange {
  return {
    type: row.type,
    reason: row.reason,
    nodeIds: row.node_ids,
    exceptNodeIds: row.except_node_ids,
    cause: row.cause,
    startsAt: dateOf(row.starts_at),
    estimatedRestorationAt: dateOf(row.estimated_restoration_at),
    estimateSource: row.estimate_source,
    restoredAt: dateOf(row.restored_at),
    saidAt: new Date(row.said_at),
    takenAt: new Date(row.taken_at),
    dueAt: new Date(row.due_at),
    traceparent: row.traceparent,
  };
}

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));
