import type { RawRecord } from '@bijli/kafka';
import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { deathsOnArrival } from './deaths-on-arrival.ts';
import type { HeardSpans } from './hear.ts';
import { hear, underItsTrace } from './hear.ts';
import { holdKeys } from './hold-keys.ts';
import type { KeyState, PendingRow } from './inbox-rows.ts';
import type { InboxWorker } from './inbox-worker.ts';
import { judgeBatch } from './judge-batch.ts';
import type { Judgement, Verdict } from './judge-rows.ts';
import type { TakenRecord } from './mask-foreign-record.ts';
import { hasMoved, parkingOf } from './parking.ts';
import { storableKey, storeRecords } from './store-records.ts';
import { stretchesOf } from './stretch.ts';
import { withReturned } from './work-keys.ts';
import { writeVerdicts } from './write-verdicts.ts';

/** Records that arrive, the notes that they are being tried, and the spans of those that are handled. */
export type Arrivals = { records: readonly TakenRecord[]; notes: readonly string[]; spans: HeardSpans };
/** What became of records: those handled, how many were stored, and over how many of them a process had died. */
export type Taken = { verdicts: readonly Verdict[]; stored: number; crashes: number };

/**
 * Handles records as they arrive, inside a transaction, each key's as a whole or not at all: a key of which one cannot be read, comes too
 * early or is stored already is the worker's, who knows how to wait and whom to tell.
 */
export async function handleArrivals(worker: InboxWorker, tx: Transaction, arrivals: Arrivals): Promise<Taken> {
  const { name } = worker.subscription;
  const { records, notes } = arrivals;
  const { crashes, spent } = await deathsOnArrival(tx, name, records, {
    own: notes,
    maxCrashes: worker.settings.maxCrashes,
  });
  if (crashes.size > 0) {
    await storeRecords(tx, name, records, { crashes });
    await writeVerdicts(tx, name, { verdicts: [], keys: [], attempts: [...notes, ...spent] });
    return { verdicts: [], stored: records.length, crashes: crashes.size };
  }
  const fresh = await withoutStored(tx, name, records);
  const { states, judgement } = await judgeArrivals(worker, tx, fresh);
  const clear = clearKeys(states, judgement);
  const others = fresh.filter((record) => !clear.has(storableKey(record.key)));
  if (others.length > 0) await storeRecords(tx, name, others);
  const verdicts = await applyVerdicts(worker, tx, arrivals, { clear, states, judgement });
  await worker.failpoint('inbox.applied');
  return { verdicts, stored: others.length, crashes: 0 };
}

type Judged = { states: ReadonlyMap<string, KeyState>; judgement: Judgement };

async function judgeArrivals(worker: InboxWorker, tx: Transaction, records: readonly TakenRecord[]): Promise<Judged> {
  const { name } = worker.subscription;
  const dead = new Set(records.filter(({ death }) => death !== undefined).map(({ key }) => storableKey(key)));
  const readable = records.filter(({ key }) => !dead.has(storableKey(key)));
  const keys = [...new Set(readable.map(({ key }) => storableKey(key)))];
  const states = await holdKeys(tx, name, keys);
  const receivedAt = new Date();
  const rows = readable.map((record) => rowOf(record, receivedAt)).filter(({ key }) => states.has(key));
  return { states, judgement: await judgeBatch(worker, tx, { states, now: receivedAt }, rows) };
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
function clearKeys(states: Judged['states'], { verdicts, keys }: Judgement): Set<string> {
  const clear = new Set(states.keys());
  for (const { key, park } of keys) if (park !== undefined) clear.delete(key);
  for (const { kind, read } of verdicts) if (kind === 'dead') clear.delete(read.row.key);
  return clear;
}

async function applyVerdicts(
  worker: InboxWorker,
  tx: Transaction,
  { records, notes, spans }: Arrivals,
  { clear, states, judgement }: Judged & { clear: ReadonlySet<string> },
): Promise<Verdict[]> {
  const { group, subscription, settings } = worker;
  const judged = judgement.verdicts.filter(({ read }) => clear.has(read.row.key));
  const heard = judged.flatMap((verdict) =>
    verdict.kind === 'apply' ? [hear(group, verdict.read.row, verdict.event, spans)] : [],
  );
  const returned = heard.length > 0 ? await underItsTrace(heard, () => subscription.apply(tx, heard)) : [];
  const verdicts = withReturned(judged, returned ?? []);
  const keys = judgement.keys.flatMap((verdict) => {
    const state = states.get(verdict.key);
    if (state === undefined || !clear.has(verdict.key)) return [];
    const parking = parkingOf(verdict, state, settings);
    return hasMoved(parking, state) ? [parking] : [];
  });
  const ids = await storeDead(tx, subscription.name, records, verdicts);
  await writeVerdicts(tx, subscription.name, { verdicts, keys, attempts: notes, storedIds: ids });
  return verdicts;
}

/** Stores the records that the handler gave back, as those of all dead letters are, and gives the ids that they got, by place. */
async function storeDead(
  tx: Transaction,
  subscription: string,
  records: readonly TakenRecord[],
  verdicts: readonly Verdict[],
): Promise<ReadonlyMap<string, string>> {
  const dead = new Set(verdicts.filter(({ kind }) => kind === 'dead').map(({ read }) => read.row.id));
  if (dead.size === 0) return new Map();
  const buried = records.filter((record) => dead.has(placeOf(record)));
  await storeRecords(tx, subscription, buried);
  return await storedIds(tx, subscription, buried);
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

type StoredRow = { id: string; partition: number; record_offset: string };

/** Ids in the inbox of what is there of the stretches of these records, by place. */
async function storedIds(
  tx: Transaction,
  subscription: string,
  records: readonly TakenRecord[],
): Promise<Map<string, string>> {
  const stretches = stretchesOf(records);
  const rows = await query<StoredRow>(
    tx,
    `select i.id, i.partition, i.record_offset
       from unnest(?::text[], ?::integer[], ?::bigint[], ?::bigint[]) as stretch (topic, partition, first, last)
      cross join lateral (
        select * from inbox
         where subscription = ? and topic = stretch.topic and partition = stretch.partition
           and record_offset >= stretch.first and record_offset <= stretch.last offset 0) i`,
    [
      stretches.map(({ topic }) => topic),
      stretches.map(({ partition }) => partition),
      stretches.map(({ first }) => first),
      stretches.map(({ last }) => last),
      subscription,
    ],
  );
  return new Map(rows.map(({ id, partition, record_offset }) => [`${partition}/${record_offset}`, id]));
}
