import { type Database, query } from '@bijli/postgres';
import type { Outage } from '../domain/outage.ts';
import { OUTAGE_COLUMNS, type OutageRow, outageOf } from './outage-row.ts';

/** One thing that happened to an outage, and the trace in which it did. */
export type HappenedEvent = {
  readonly version: number;
  readonly type: string;
  readonly occurredAt: Date;
  readonly traceId: string | null;
};
type EventRow = {
  readonly version: number;
  readonly type: string;
  readonly occurred_at: Date;
  readonly trace_id: string | null;
};

/** Gives an outage with what happened to it, oldest first; null where there is none. */
export async function getOutage(db: Database, id: string): Promise<{ outage: Outage; events: HappenedEvent[] } | null> {
  const [row] = await query<OutageRow & { events: string }>(
    db,
    `select ${OUTAGE_COLUMNS}, (
       select coalesce(json_agg(json_build_object('version', e.version, 'type', e.type, 'occurred_at', e.occurred_at, 'trace_id', e.trace_id) order by e.version), '[]')
         from outage_event e where e.outage_id = o.id)::text as events
       from outage o where o.id = :id`,
    { id },
  );
  if (row === undefined) return null;
  return { outage: outageOf(row), events: (JSON.parse(row.events) as EventRow[]).map(happened) };
}

function happened({ version, type, occurred_at, trace_id }: EventRow): HappenedEvent {
  return { version, type, occurredAt: new Date(occurred_at), traceId: trace_id };
}
