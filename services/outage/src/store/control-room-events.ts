import { type Database, query } from '@bijli/postgres';
import type { TakenEvent } from './note-control-room-event.ts';

/** An event, or what was to be one, that was refused: its dead letter. `eventId` is null where it could not be read. */
export type RefusedEvent = {
  readonly eventId: string | null;
  readonly sourceId: string;
  readonly deadLetterId: string;
  readonly state: 'waiting' | 'replayed' | 'discarded';
  readonly reason: string;
  readonly detail: string;
  readonly deaths: number;
  readonly refusedAt: Date;
};
export type HeardEvent =
  | ({ readonly outcome: 'taken' | 'unchanged' } & TakenEvent)
  | ({ readonly outcome: 'refused' } & RefusedEvent);

/** Where a page ends: the instant in microseconds, and what tells rows of one instant apart. */
export type Position = { readonly at: string; readonly id: string };
export type Sought = {
  readonly sourceId: string | null;
  readonly outcome: HeardEvent['outcome'] | null;
  readonly before: Position | null;
  readonly limit: number;
};

type Row = {
  readonly outcome: HeardEvent['outcome'];
  readonly at: Date;
  readonly position: string;
  readonly id: string;
  readonly event_id: string | null;
  readonly source_id: string;
  readonly outage_id: string;
  readonly type: string;
  readonly trace_id: string | null;
  readonly dead_letter_id: string;
  readonly state: RefusedEvent['state'];
  readonly reason: string;
  readonly detail: string;
  readonly deaths: number;
};

/** Name of the subscription, as it stands in dead letters (subscriptions/index.ts). */
const SUBSCRIPTION = 'control-room';

const COLUMNS =
  'outcome, at, id, event_id, source_id, outage_id, type, trace_id, dead_letter_id, state, reason, detail, deaths';

/** Two places where an event may have ended, one of them in two ways; `id` tells rows of one instant apart. */
const TAKEN = {
  select: `
    select case when e.is_unchanged then 'unchanged' else 'taken' end, e.taken_at, e.event_id::text, e.event_id, e.source_id, m.outage_id, e.type, e.trace_id,
           null::bigint, null, null, null, null::integer
      from control_room_event e join control_room_outage m on m.source_id = e.source_id
     where true`,
  ...{ at: 'e.taken_at', id: 'e.event_id::text', sourceId: 'e.source_id' },
};
const WITH_OUTCOME = { any: '', taken: 'and not e.is_unchanged', unchanged: 'and e.is_unchanged' } as const;
const REFUSED = {
  select: `
    select 'refused', d.latest_died_at, d.id::text, d.event_id, d.key, null, null, null, d.id, d.state, d.reason, d.detail, d.deaths
      from dead_letter d
     where d.subscription = '${SUBSCRIPTION}'`,
  ...{ at: 'd.latest_died_at', id: 'd.id::text', sourceId: 'd.key' },
};

/** Lists what was heard of the control room, the latest first. A refused event that was replayed is refused no more. */
export async function listControlRoomEvents(
  db: Database,
  { sourceId, outcome, before, limit }: Sought,
): Promise<(HeardEvent & { position: Position })[]> {
  const sought = [
    ...(outcome === 'refused' ? [] : [{ ...TAKEN, select: `${TAKEN.select} ${WITH_OUTCOME[outcome ?? 'any']}` }]),
    ...(outcome === 'taken' || outcome === 'unchanged'
      ? []
      : [{ ...REFUSED, select: `${REFUSED.select} and d.state <> 'replayed'` }]),
  ];
  const { at = null, id = null } = before ?? {};
  const rows = await query<Row>(
    db,
    `select heard.*, (extract(epoch from at) * 1000000)::bigint as position
       from (${sought.map(newestOf).join(' union all ')}) as heard (${COLUMNS})
      order by at desc, id desc limit :limit`,
    { sourceId, at, id, limit },
  );
  return rows.map((row) => ({ ...heardOf(row), position: { at: row.position, id: row.id } }));
}

/** A page of one place: each is read by its own index. */
function newestOf({ select, at, id, sourceId }: typeof TAKEN): string {
  return `(${select} and (:sourceId::text is null or ${sourceId} = :sourceId)
      and (:at::bigint is null or (${at}, ${id}) < (timestamptz 'epoch' + :at::bigint * interval '1 microsecond', :id))
    order by ${at} desc, ${id} desc limit :limit)`;
}

/** Gives what became of one event: taken once at most, refused perhaps before that, or by another with its id. */
export async function getControlRoomEvent(db: Database, eventId: string): Promise<HeardEvent[]> {
  const rows = await query<Row>(
    db,
    `select * from (${TAKEN.select} and e.event_id = :eventId union all ${REFUSED.select} and d.event_id = :eventId) as heard (${COLUMNS}) order by at`,
    { eventId },
  );
  return rows.map(heardOf);
}

function heardOf(row: Row): HeardEvent {
  const { outcome, at, event_id: eventId, source_id: sourceId, dead_letter_id: deadLetterId } = row;
  const { state, reason, detail, deaths } = row;
  if (outcome === 'refused')
    return { outcome, eventId, sourceId, deadLetterId, state, reason, detail, deaths, refusedAt: at };
  const { outage_id: outageId, type, trace_id: traceId } = row;
  const isUnchanged = outcome === 'unchanged';
  return { outcome, eventId: eventId ?? '', sourceId, outageId, type, takenAt: at, isUnchanged, traceId };
}
