import { query, type Transaction } from '@bijli/postgres';

/** Finds which outage the control room means by an id of its own; null where it has told us of none. */
export async function findControlRoomOutage(tx: Transaction, sourceId: string): Promise<string | null> {
  const [found] = await query<{ outage_id: string }>(
    tx,
    'select outage_id from control_room_outage where source_id = :sourceId',
    { sourceId },
  );
  return found?.outage_id ?? null;
}
