import type { RawRecord } from '@bijli/kafka';
import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { crashesOnArrival } from './crashes-on-arrival.ts';
import type { HandlingSpans } from '../records/start-handling.ts';
import { startHandling, underItsTrace } from '../records/start-handling.ts';
import { holdKeys } from './hold-keys.ts';
import type { KeyState, PendingRow } from '../records/inbox-rows.ts';
import type { InboxWorker } from './inbox-worker.ts';
import { classifyBatch } from './classify-batch.ts';
import type { ClassifiedBatch, Classification } from './classify-rows.ts';
import type { TakenRecord } from '../dead-letters/mask-foreign-record.ts';
import { hasMoved, parkingOf } from './parking.ts';
import { storableKey, storeRecords } from '../records/store-records.ts';
import { offsetRangesOf } from './offset-range.ts';
import { withReturned } from './work-keys.ts';
import { writeClassifications } from './write-classifications.ts';

/** Records that arrive, the notes that they are being tried, and the spans of those that are handled. */
export type Arrivals = {
  readonly records: readonly TakenRecord[];
  readonly notes: readonly string[];
  readonly spans: HandlingSpans;
};
/** What became of records: those handled, how many were stored, and over how many of them a process had died. */
export type Taken = {
  readonly classifications: readonly Classification[];
  readonly stored: number;
  readonly crashes: number;
};

/**
 * Handles records as they arrive, inside a transaction, each key's as a whole or not at all: a key of which one cannot be read, comes too
 * early or is stored already is the worker's, who knows how to wait and whom to tell.
 */
export async function handleArrivals(worker: InboxWorker, tx: Transaction, arrivals: Arrivals): Promise<Taken> {
  const { name } = worker.subscription;
  const { records, notes } = arrivals;
  const { crashes, spent } = await crashesOnArrival(tx, name, records, {
    own: notes,
    maxCrashes: worker.settings.maxCrashes,
  });
  if (crashes.size > 0) {
    await storeRecords(tx, name, records, { crashes });
    await writeClassifications(tx, name, { classifications: [], keys: [], attempts: [...notes, ...spent] });
    return { classifications: [], stored: records.length, crashes: crashes.size };
  }
  const fresh = await withoutStored(tx, name, records);
  const { states, classifiedBatch } = await classifyArrivals(worker, tx, fresh);
  const clear = clearKeys(states, classifiedBatch);
  const others = fresh.filter((record) => !clear.has(storableKey(record.key)));
  if (others.length > 0) await storeRecords(tx, name, others);
  const classifications = await applyClassifications(worker, tx, arrivals, { clear, states, classifiedBatch });
  await worker.failpoint('inbox.applied');
  return { classifications, stored: others.length, crashes: 0 };
}

type Classified = { readonly states: ReadonlyMap<string, KeyState>; readonly classifiedBatch: ClassifiedBatch };

async function classifyArrivals(
  worker: InboxWorker,
  tx: Transaction,
  records: readonly TakenRecord[],
): Promise<Classified> {
  const { name } = worker.subscription;
  const dead = new Set(records.filter(({ deadReason }) => deadReason !== undefined).map(({ key }) => storableKey(key)));
  const readable = records.filter(({ key }) => !dead.has(storableKey(key)));
  const keys = [...new Set(readable.map(({ key }) => storableKey(key)))];
  const states = await holdKeys(tx, name, keys);
  const receivedAt = new Date();
  const rows = readable.map((record) => rowOf(record, receivedAt)).filter(({ key }) => states.has(key));
  return { states, classifiedBatch: await classifyBatch(worker, tx, { states, now: receivedAt }, rows) };
}

/** A record as the worker would find it; its headers but for the trace are not taken apart. */
function rowOf(record: TakenRecord, receivedAt: Date): PendingRow {
  const { topic, partition, offset, key, value, traceparent, event } = record;
  return {
    ...{ id: placeOf(record), key: storableKey(key), topic, partition, recordOffset: String(offset) },
    ...{ value, event, headers: traceparent === undefined ? {} : { traceparent }, receivedAt, crashes: 0 },
  };
}

/** Where a record stands in the only topic of its subscription. */
const placeOf = ({ partition, offset }: Pick<RawRecord, 'partition' | 'offset'>): string => `${partition}/${offset}`;

/** Keys of which every record is handled now. */
function clearKeys(states: Classified['states'], { classifications, keys }: ClassifiedBatch): Set<string> {
  const clear = new Set(states.keys());
  for (const { key, park } of keys) if (park !== undefined) clear.delete(key);
  for (const { kind, read } of classifications) if (kind === 'dead') clear.delete(read.row.key);
  return clear;
}

async function applyClassifications(
  worker: InboxWorker,
  tx: Transaction,
  { records, notes, spans }: Arrivals,
  { clear, states, classifiedBatch }: Classified & { clear: ReadonlySet<string> },
): Promise<Classification[]> {
  const { group, subscription, settings } = worker;
  const classified = classifiedBatch.classifications.filter(({ read }) => clear.has(read.row.key));
  const heard = classified.flatMap((classification) =>
    classification.kind === 'apply' ? [startHandling(group, classification.read.row, classification.event, spans)] : [],
  );
  const returned = heard.length > 0 ? await underItsTrace(heard, () => subscription.apply(tx, heard)) : [];
  const classifications = withReturned(classified, returned ?? []);
  const keys = classifiedBatch.keys.flatMap((classification) => {
    const state = states.get(classification.key);
    if (state === undefined || !clear.has(classification.key)) return [];
    const parking = parkingOf(classification, state, settings);
    return hasMoved(parking, state) ? [parking] : [];
  });
  const ids = await storeDead(tx, subscription.name, records, classifications);
  await writeClassifications(tx, subscription.name, { classifications, keys, attempts: notes, storedIds: ids });
  return classifications;
}

/** Stores the records that the handler gave back, as those of all dead letters are, and gives the ids that they got, by place. */
async function storeDead(
  tx: Transaction,
  subscription: string,
  records: readonly TakenRecord[],
  classifications: readonly Classification[],
): Promise<ReadonlyMap<string, string>> {
  const dead = new Set(classifications.filter(({ kind }) => kind === 'dead').map(({ read }) => read.row.id));
  if (dead.size === 0) return new Map();
  const kept = records.filter((record) => dead.has(placeOf(record)));
  await storeRecords(tx, subscription, kept);
  return await storedIds(tx, subscription, kept);
}

/** Leaves out what was stored when it arrived before: it is pending, handled or dead, and not to be handled here. */
async function withoutStored(
  tx: Transaction,
  subscription: string,
  records: readonly TakenRecord[],
): Promise<readonly TakenRecord[]> {
  const ids = await storedIds(tx, subscription, records);
  return ids.size === 0 ? records : records.filter((record) => !ids.has(placeOf(record)));
}

type StoredRow = { readonly id: string; readonly partition: number; readonly record_offset: string };

/** Ids in the inbox of what is there in the offset ranges of these records, by place. */
async function storedIds(
  tx: Transaction,
  subscription: string,
  records: readonly TakenRecord[],
): Promise<Map<string, string>> {
  const ranges = offsetRangesOf(records);
  const rows = await query<StoredRow>(
    tx,
    `select i.id, i.partition, i.record_offset
       from unnest(:topics::text[], :partitions::integer[], :firsts::bigint[], :lasts::bigint[]) as range (topic, partition, first, last)
      cross join lateral (
        select * from inbox
         where subscription = :subscription and topic = range.topic and partition = range.partition
           and record_offset >= range.first and record_offset <= range.last offset 0) i`,
    {
      topics: ranges.map(({ topic }) => topic),
      partitions: ranges.map(({ partition }) => partition),
      firsts: ranges.map(({ first }) => first),
      lasts: ranges.map(({ last }) => last),
      subscription,
    },
  );
  return new Map(rows.map(({ id, partition, record_offset }) => [`${partition}/${record_offset}`, id]));
}
