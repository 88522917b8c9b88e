import type { RawRecord } from '../raw-record.ts';
import type { AbortedTransaction } from './aborted-transactions.ts';
import { openTransactionFilter } from './aborted-transactions.ts';
import { checkLengths, readRecords } from './read-records.ts';
import type { Frame, RecordBatch } from './record-batch.ts';
import { claimsOf, frameAt, readBatch } from './record-batch.ts';
import { codecName, unpack } from './unpack.ts';
import type { UnreadableBatch } from './unreadable-batch.ts';
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
 * Some records of a partition, in their order, and the offset behind them; `unreadable` is what begins there, where it cannot be read.
 * One of the two always moves on: there are records, `next` lies behind `from`, or something is unreadable.
 */
export type Portion = {
  readonly records: readonly RawRecord[];
  readonly next: bigint;
  readonly unreadable: UnreadableBatch | null;
};

/**
 * No more is held at once than so many records, or than begin within so many octets, unpacked: the rest is fetched again. A fetch rarely
 * brings as much; half a million tiny records, which fit into one batch, are handled fifty times ten thousand, other partitions between.
 */
const PORTION_RECORDS = 10_000;
const PORTION_OCTETS = 4 * 1024 * 1024;

/** A set that is being read: what was read of it so far, and the batch at hand. */
type Reading = {
  readonly fetched: FetchedSet;
  readonly counts: (batch: RecordBatch) => boolean;
  readonly records: RawRecord[];
  next: bigint;
  unpackedOctets: number;
  frame: Frame | null;
};

/** Reads the first records of a fetched set, up to what cannot be read. Never throws, whatever stands in it. */
export async function readRecordSet(fetched: FetchedSet): Promise<Portion> {
  const { from, aborted } = fetched;
  const counts = openTransactionFilter(aborted);
  const reading: Reading = { fetched, counts, records: [], next: from, unpackedOctets: 0, frame: null };
  const unreadable = await readBatches(reading).then(
    () => (reading.next > from ? null : unreadableAt(reading, new UnreadableError('no-progress'))),
    (error: unknown) => unreadableAt(reading, error),
  );
  return { records: reading.records, next: reading.next, unreadable };
}

async function readBatches(reading: Reading): Promise<void> {
  const { octets: set, highWatermark } = reading.fetched;
  for (reading.frame = frameAt(set, 0); reading.frame !== null; reading.frame = frameAt(set, reading.frame.end)) {
    const batch = readBatch(set, reading.frame);
    const { baseOffset, lastOffset } = batch;
    if (lastOffset < baseOffset || lastOffset >= highWatermark) throw new UnreadableError('malformed');
    if (lastOffset < reading.next) continue;
    if (reading.counts(batch) && !(await takeRecords(reading, batch))) return;
    reading.next = lastOffset + 1n;
  }
}

/** False when there is no room for all of its records. */
async function takeRecords(reading: Reading, batch: RecordBatch): Promise<boolean> {
  if (reading.unpackedOctets > PORTION_OCTETS) return false;
  const octets = await unpack(batch.codec, batch.records);
  reading.unpackedOctets += octets.length;
  checkLengths(batch, octets);
  for (const record of readRecords(reading.fetched, batch, octets, reading.next)) {
    if (reading.records.length === PORTION_RECORDS) return false;
    reading.records.push(record);
    reading.next = record.offset + 1n;
  }
  return true;
}

function unreadableAt({ fetched, frame, next }: Reading, error: unknown): UnreadableBatch {
  const { topic, partition, octets: set } = fetched;
  const reason = error instanceof UnreadableError ? error.reason : 'malformed';
  const claims = frame === null ? undefined : claimsOf(set, frame);
  const codec = claims === undefined ? '' : `codec ${codecName(claims.codec)}, `;
  const size = frame === null ? set.length : frame.end - frame.at;
  const last = lastOffsetOf(fetched, frame, next);
  const first = frame !== null && frame.baseOffset > next && frame.baseOffset <= last ? frame.baseOffset : next;
  return { topic, partition, first, last, reason, detail: `${codec}${size} octets` };
}

/**
 * How far a batch reaches that may lie: up to the one behind it, else as far as it says, if that can be. Else it counts as one offset, so
 * that nothing that can be read is passed over; the next fetch begins one further.
 */
function lastOffsetOf(fetched: FetchedSet, frame: Frame | null, next: bigint): bigint {
  const { octets: set, highWatermark } = fetched;
  if (frame === null) return next;
  const behind = frame.end + 8 <= set.length ? set.readBigInt64BE(frame.end) - 1n : undefined;
  if (behind !== undefined && behind >= next && behind < highWatermark) return behind;
  const claimed = claimsOf(set, frame)?.lastOffset;
  return claimed !== undefined && claimed >= next && claimed < highWatermark ? claimed : next;
}
