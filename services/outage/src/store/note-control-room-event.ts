import { query, type Transaction } from '@bijli/postgres';

/** An event of the control room that was taken: which outage of its own (`sourceId`) and of ours it is about. */
export type TakenEvent = {
  readonly eventId: string;
  readonly sourceId: string;
  readonly outageId: string;
  readonly type: string;
  readonly takenAt: Date;
  /** Whether it said what was so before. */
  readonly isUnchanged: boolean;
  /** 32 hex digits; null where it was not traced. */
  readonly traceId: string | null;
};

/** Notes an event as taken and, the first time, which outage its id means, inside the caller's transaction. */
export async function noteControlRoomEvent(tx: Transaction, event: TakenEvent): Promise<void> {
  const { eventId, sourceId, outageId, type, takenAt, isUnchanged, traceId } = event;
  await query(
    tx,
    `with mapped as (
       insert into control_room_outage (source_id, outage_id) values (:sourceId, :outageId) on conflict on constraint control_room_outage_pkey do nothing
     )
     insert into control_room_event (event_id, source_id, type, taken_at, is_unchanged, trace_id)
     values (:eventId, :sourceId, :type, :takenAt, :isUnchanged, :traceId)`,
    { sourceId, outageId, eventId, type, takenAt, isUnchanged, traceId },
  );
}
