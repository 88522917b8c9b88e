import type { Log, Portion, RawRecord, RawSubscription } from '@bijli/kafka';
import type { Database } from '@bijli/postgres';
import { query, withTransaction } from '@bijli/postgres';
import { errorName } from './error-name.ts';
import { parkBatch } from './park-batch.ts';
import type { Running } from './running.ts';

/** A subscription at work, and how it reads a topic. */
export type Reader = { readonly running: Running; readonly raw: RawSubscription };

/** What somebody wants read again: a dead letter whose octets were left in the topic. */
type Reading = { id: string; topic: string; partition: number; first: bigint; last: bigint };

/** A replica that began so long ago has died; another one begins anew, which does no harm. */
const FORGOTTEN_AFTER = '5 minutes';

/**
 * Reads from their topics what was left there and somebody replays, one dead letter a subscription and round. Resolves true when there may be
 * more. A letter of which the topic has nothing any more waits again, with that reason (`gone`).
 */
export async function readAgain(db: Database, log: Log, readers: readonly Reader[]): Promise<boolean> {
  let done = false;
  for (const reader of readers) {
    const reading = await nextReading(db, reader.running.subscription.name);
    if (reading === null) continue;
    try {
      await readOne(db, reader, reading);
      done = true;
    } catch (error) {
      // Kafka is away, or the subscription is not connected yet. Others come first next time.
      log.warn({ deadLetter: reading.id, error: errorName(error) }, 'what was left in a topic cannot be read yet');
      await query(db, 'update topic_reading set begun_at = null, asked_at = now() where dead_letter_id = ?', [
        reading.id,
      ]);
    }
  }
  return done;
}

type ReadingRow = { id: string; topic: string; partition: number; record_offset: string; last_offset: string };

async function nextReading(db: Database, subscription: string): Promise<Reading | null> {
  const [row] = await query<ReadingRow>(
    db,
    `with taken as (
       update topic_reading set begun_at = now()
        where dead_letter_id = (
          select r.dead_letter_id
            from topic_reading r join dead_letter d on d.id = r.dead_letter_id
           where d.subscription = ? and (r.begun_at is null or r.begun_at < now() - ?::interval)
           order by r.asked_at
           limit 1 for update of r skip locked)
       returning dead_letter_id
     )
     select d.id, d.topic, d.partition, d.record_offset, d.last_offset from taken join dead_letter d on d.id = taken.dead_letter_id`,
    [subscription, FORGOTTEN_AFTER],
  );
  if (row === undefined) return null;
  const { id, topic, partition } = row;
  return { id, topic, partition, first: BigInt(row.record_offset), last: BigInt(row.last_offset) };
}

async function readOne(db: Database, { running, raw }: Reader, reading: Reading): Promise<void> {
  const { name } = running.subscription;
  let found = 0;
  for await (const { records, unreadable } of raw.read(reading)) {
    found += records.length + (unreadable === null ? 0 : 1);
    if (records.length > 0) await running.takeAgain(records, keysSaidSince(raw, reading));
    if (unreadable !== null) await parkBatch(db, name, unreadable, 'reopen');
  }
  await withTransaction(db, async (tx) => {
    if (found === 0) await query(tx, GONE, [reading.id]);
    await query(tx, 'delete from topic_reading where dead_letter_id = ?', [reading.id]);
  });
}

const GONE = `
  update dead_letter
     set state = 'waiting', deaths = deaths + 1, latest_died_at = now(), reason = 'gone', detail = 'the topic does not have it any more'
   where id = ?`;

/** Gives the keys of all that stands behind a reading in its partition, where somebody asks for them. */
function keysSaidSince(raw: RawSubscription, { topic, partition, last }: Reading): () => Promise<Set<string>> {
  return async () => {
    const keys = new Set<string>();
    const behind: AsyncIterable<Portion> = raw.read({ topic, partition, first: last + 1n });
    for await (const { records } of behind) addKeys(keys, records);
    return keys;
  };
}

function addKeys(keys: Set<string>, records: readonly RawRecord[]): void {
  for (const { key } of records) if (key !== null) keys.add(key);
}
