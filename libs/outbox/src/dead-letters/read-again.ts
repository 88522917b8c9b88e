import { GONE, type Log, type RawRecord, type RawSubscription, type UnreadableBatch } from '@bijli/kafka';
import type { Database, Transaction } from '@bijli/postgres';
import { execute, query, withTransaction } from '@bijli/postgres';
import { errorName } from '@bijli/loop';
import { parkBatch } from './park-batch.ts';
import { readBehind } from './read-behind.ts';
import type { Running } from '../subscriptions/running.ts';

/** A subscription at work, and how it reads a topic. */
export type Reader = { readonly running: Running; readonly raw: RawSubscription };

/** What somebody wants read again: a dead letter whose octets were left in the topic. */
type Reading = {
  readonly id: string;
  /** When it was begun: whose it is. Another replica, or another replay, makes it its own. */
  readonly begunAt: string;
  readonly topic: string;
  readonly partition: number;
  readonly first: bigint;
  readonly last: bigint;
};

/** A replica that has read nothing for so long has died: another one begins anew, which does no harm. */
const FORGOTTEN_AFTER = '5 minutes';
/** The wait before what failed is tried again: `first`, then doubled, `most` at the most. */
const BACK_OFF_S = { first: 5, most: 300 };

/**
 * Reads from their topics what was left there and somebody replays, one dead letter a subscription and round, those first that are due
 * longest. Resolves true when there may be more. A letter of which the topic has nothing any more waits again, with that reason (`gone`).
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
      await putOff(db, reading, errorName(error));
    }
  }
  return done;
}

type ReadingRow = {
  readonly id: string;
  readonly begun_at: string;
  readonly topic: string;
  readonly partition: number;
  readonly first: string;
  readonly last: string;
};

async function nextReading(db: Database, subscription: string): Promise<Reading | null> {
  const [row] = await query<ReadingRow>(
    db,
    `with taken as (
       update topic_reading set begun_at = clock_timestamp(), due_at = now() + :forgottenAfter::interval
        where dead_letter_id = (
          select r.dead_letter_id
            from topic_reading r join dead_letter d on d.id = r.dead_letter_id
           where d.subscription = :subscription and r.due_at <= now()
             and not exists (select from topic_reading before_it join dead_letter earlier on earlier.id = before_it.dead_letter_id
                              where earlier.subscription = d.subscription and earlier.topic = d.topic
                                and earlier.partition = d.partition and earlier.record_offset < d.record_offset)
           order by r.due_at
           limit 1 for update of r skip locked)
       returning *
     )
     select d.id, taken.begun_at::text, d.topic, d.partition, coalesce(taken.first_offset, d.record_offset) as first,
            coalesce(taken.last_offset, d.last_offset, d.record_offset) as last
       from taken join dead_letter d on d.id = taken.dead_letter_id`,
    { forgottenAfter: FORGOTTEN_AFTER, subscription },
  );
  if (row === undefined) return null;
  const { id, begun_at: begunAt, topic, partition } = row;
  return { id, begunAt, topic, partition, first: BigInt(row.first), last: BigInt(row.last) };
}

async function putOff(db: Database, { id, begunAt }: Reading, failure: string): Promise<void> {
  await query(
    db,
    `update topic_reading
        set begun_at = null, failures = failures + 1, failure = :failure,
            due_at = now() + least(:first * 2.0 ^ least(failures, 20), :most) * interval '1 second'
      where dead_letter_id = :id and begun_at = :begunAt::timestamptz`,
    { failure, first: BACK_OFF_S.first, most: BACK_OFF_S.most, id, begunAt },
  );
}

async function readOne(db: Database, { running, raw }: Reader, reading: Reading): Promise<void> {
  const unreadable: UnreadableBatch[] = [];
  let records = 0;
  for await (const portion of raw.read(reading)) {
    records += portion.records.length;
    const kept = await withoutDiscarded(db, running.subscription.name, reading, portion.records);
    if (kept.length > 0) await running.takeAgain(kept, readBehind(raw, reading));
    if (portion.unreadable !== null) unreadable.push(portion.unreadable);
    if (!(await isStillOurs(db, reading))) return;
  }
  const isGone = records === 0 && unreadable.every(({ reason }) => reason === 'gone');
  await withTransaction(db, (tx) => finish(tx, running.subscription.name, reading, { unreadable, isGone }));
}

/** Says that the reading goes on, so that nobody takes it for forgotten; false where it is another's by now, or was taken back. */
async function isStillOurs(db: Database, { id, begunAt }: Reading): Promise<boolean> {
  const renewed = await execute(
    db,
    `update topic_reading set due_at = now() + :forgottenAfter::interval
      where dead_letter_id = :id and begun_at = :begunAt::timestamptz`,
    { forgottenAfter: FORGOTTEN_AFTER, id, begunAt },
  );
  return renewed > 0;
}

/** A reading that is begun anew meets records that died by themselves the first time and were let go: they stay so. */
async function withoutDiscarded(
  db: Database,
  subscription: string,
  { id, topic, partition }: Reading,
  records: readonly RawRecord[],
): Promise<readonly RawRecord[]> {
  const offsets = records.map(({ offset }) => String(offset));
  const rows = await query<{ offset: string }>(
    db,
    `select given.record_offset as offset
       from unnest(:offsets::bigint[]) as given (record_offset)
       join dead_letter d
         on d.subscription = :subscription and d.topic = :topic and d.partition = :partition and d.id <> :id and d.state = 'discarded'
        and given.record_offset between d.record_offset and coalesce(d.last_offset, d.record_offset)`,
    { offsets, subscription, topic, partition, id },
  );
  const discarded = new Set(rows.map(({ offset }) => offset));
  return discarded.size === 0 ? records : records.filter(({ offset }) => !discarded.has(String(offset)));
}

/**
 * Forgets the request and lets wait again what is still unreadable, in one transaction: where both are not there at once, nobody decides about a
 * letter that is read anew afterwards. Does nothing where the request is another's by now, or was taken back.
 */
async function finish(
  tx: Transaction,
  subscription: string,
  reading: Reading,
  { unreadable, isGone }: { unreadable: readonly UnreadableBatch[]; isGone: boolean },
): Promise<void> {
  const { id, begunAt, first } = reading;
  // In the order in which a decision takes them.
  await query(tx, 'select from dead_letter where id = :id for update', { id });
  const ours = await query<{ id: string }>(
    tx,
    'delete from topic_reading where dead_letter_id = :id and begun_at = :begunAt::timestamptz returning dead_letter_id as id',
    { id, begunAt },
  );
  if (ours.length === 0) return;
  if (isGone) await tellGone(tx, subscription, reading);
  else
    for (const batch of unreadable)
      await parkBatch(tx, subscription, batch, batch.first === first ? 'reopen' : 'leave');
}

/** Lets the letter wait again. Where its own record was let go, what stood behind that is a letter of its own. */
async function tellGone(tx: Transaction, subscription: string, reading: Reading): Promise<void> {
  const { id, topic, partition, first, last } = reading;
  await query(
    tx,
    `update dead_letter set state = 'waiting', deaths = deaths + 1, latest_died_at = now(), reason = :reason, detail = :detail
      where id = :id and state = 'replayed'`,
    { reason: GONE.reason, detail: GONE.detail, id },
  );
  const letGo = await query<{ id: string }>(
    tx,
    `select id from dead_letter where id = :id and state = 'discarded' and record_offset < :first`,
    { id, first: String(first) },
  );
  if (letGo.length > 0) await parkBatch(tx, subscription, { topic, partition, first, last, ...GONE });
}
