import type { RawRecord } from '../raw-record.ts';
import type { AbortedTransaction } from './aborted-transactions.ts';
import { openTransactionFilter } from './aborted-transactions.ts';
import { checkLengths, readRecords } from './read-records.ts';
import type { Frame, RecordBatch } from './record-batch.ts';
import { claimedCodec, frameAt, readBatch } from './record-batch.ts';
import { sureLastOffset } from './sure-last-offset.ts';
import { codecName, unpack } from './unpack.ts';
import type { FoundUnreadable, UnreadableBatch } from './unreadable-batch.ts';
import { UnreadableError } from './unreadable-batch.ts';

/** What a fetch brought of one partition, as it came. */
export type FetchedSet = {
  readonly topic: string;
  readonly partition: number;
  /** The offset that was asked for. The set may begin before it: batches come whole. */
  readonly from: bigint;
  /** The end of the partition when it was fetched: no batch reaches it. */
  readonly highWatermark: bigint;
  readonly aborted: readonly AbortedTransaction[];
  readonly octets: Buffer;
};

/**
 * Some records of a partition, in their order, and the offset behind them; `unreadable` is what begins there, where it cannot be read. Each
 * moves on: there are records, `next` lies further than before, or something is unreadable.
 */
export type Portion<Unreadable = UnreadableBatch> = {
  readonly records: readonly RawRecord[];
  readonly next: bigint;
  readonly unreadable: Unreadable | null;
};

/** A portion of one fetched set, in which the end of what cannot be read may be out of sight. */
export type FetchedPortion = Portion<FoundUnreadable>;

/** No more is handed on at once than so many records, or than begin within so many octets, unpacked. */
const PORTION_RECORDS = 1_000;
const PORTION_OCTETS = 4 * 1024 * 1024;

/** The base offset is what a batch begins with. */
const BASE_OFFSET_OCTETS = 8;

/** A set that is being read: what was read since the latest portion, and the batch at hand. */
type Reading = {
  readonly fetched: FetchedSet;
  records: RawRecord[];
  next: bigint;
  unpackedOctets: number;
  frame: Frame | null;
};

/** Reads a fetched set portion by portion, up to what cannot be read, which is the last. Never throws, whatever stands in it. */
export async function* readRecordSet(fetched: FetchedSet): AsyncGenerator<FetchedPortion> {
  const { from } = fetched;
  const reading: Reading = { fetched, records: [], next: from, unpackedOctets: 0, frame: null };
  let unreadable: FoundUnreadable | null = null;
  try {
    yield* readBatches(reading);
    if (reading.next === from) throw new UnreadableError('no-progress');
  } catch (error) {
    unreadable = unreadableAt(reading, error);
  }
  yield { ...takePortion(reading), unreadable };
}

async function* readBatches(reading: Reading): AsyncGenerator<FetchedPortion> {
  const { octets: set, highWatermark, aborted } = reading.fetched;
  const counts = openTransactionFilter(aborted);
  for (let at = 0; ; ) {
    reading.frame = null; // what has no frame is not the batch before it
    reading.frame = frameAt(set, at);
    if (reading.frame === null) return;
    at = reading.frame.end;
    const batch = readBatch(set, reading.frame);
    const { baseOffset, lastOffset } = batch;
    if (lastOffset < baseOffset || lastOffset >= highWatermark) throw new UnreadableError('malformed');
    // No checksum covers a base offset. A broker gives the batches in their order, the first of them with the offset that was asked for:
    // where one lies before that, or two lie over each other, a base offset is another than was written.
    const isInOrder = reading.next === reading.fetched.from || baseOffset >= reading.next;
    if (!isInOrder || lastOffset < reading.next || beginsBefore(set, at, lastOffset))
      throw new UnreadableError('malformed');
    if (counts(batch)) yield* readBatchRecords(reading, batch);
    reading.next = lastOffset + 1n;
  }
}

/** Whether another batch stands at this place that begins before the end of the one before it. */
function beginsBefore(set: Buffer, at: number, lastOffset: bigint): boolean {
  return set.length - at >= BASE_OFFSET_OCTETS && set.readBigInt64BE(at) <= lastOffset;
}

async function* readBatchRecords(reading: Reading, batch: RecordBatch): AsyncGenerator<FetchedPortion> {
  if (reading.unpackedOctets > PORTION_OCTETS) yield takePortion(reading);
  const octets = await unpack(batch.codec, batch.records);
  reading.unpackedOctets += octets.length;
  checkLengths(batch, octets);
  for (const record of readRecords(reading.fetched, batch, octets, reading.next)) {
    if (reading.records.length === PORTION_RECORDS) yield takePortion(reading);
    reading.records.push(record);
    reading.next = record.offset + 1n;
  }
}

function takePortion(reading: Reading): FetchedPortion {
  const { records, next } = reading;
  reading.records = [];
  reading.unpackedOctets = 0;
  return { records, next, unreadable: null };
}

function unreadableAt({ fetched, frame, next }: Reading, error: unknown): FoundUnreadable {
  const { topic, partition, octets: set, highWatermark } = fetched;
  const reason = error instanceof UnreadableError ? error.reason : 'malformed';
  const claimed = frame === null ? null : claimedCodec(set, frame);
  const codec = claimed === null ? '' : `codec ${codecName(claimed)}, `;
  const size = frame === null ? set.length : frame.end - frame.at;
  const last = frame === null ? null : sureLastOffset(set, frame.at, { first: next, end: highWatermark });
  return { topic, partition, first: next, last, end: highWatermark, reason, detail: `${codec}${size} octets` };
}
