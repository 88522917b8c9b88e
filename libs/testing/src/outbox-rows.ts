/** A database or a transaction, as far as these need it. */
type Sql = { raw(sql: string, values: readonly (string | Buffer)[]): PromiseLike<unknown> };

const ROW_OF_EVENT = 'select outbox_id from outbox_event where event_id = ?';

/** Lets the relay publish once more what was said together with this event. */
export async function sayAgain(db: Sql, eventId: string): Promise<void> {
  await db.raw(`update outbox set published_at = null where id = (${ROW_OF_EVENT})`, [eventId]);
}

/** Breaks the value of an event off, in the transaction that says it alone: nobody can read it. */
export async function breakOff(tx: Sql, eventId: string): Promise<void> {
  await tx.raw(`update outbox set payload = substring(payload for 40) where id = (${ROW_OF_EVENT})`, [eventId]);
}

/** Says octets that nobody checked, as the value of an event. */
export async function sayOctets(
  db: Sql,
  { topic, key, eventId, value }: { topic: string; key: string; eventId: string; value: Buffer },
): Promise<void> {
  const event = { key, id: eventId, type: '', time: new Date().toISOString(), start: 0, length: value.length };
  await db.raw('insert into outbox (topic, events, payload) values (?, ?::json, ?)', [
    topic,
    JSON.stringify([event]),
    value,
  ]);
}
