import type { RawRecord } from '../raw-record.ts';
import { mayBeTraced, rawRecord } from '../raw-record.ts';
import { Cursor } from './cursor.ts';
import type { RecordBatch } from './record-batch.ts';
import { UnreadableError } from './unreadable-batch.ts';

/** Length, attributes, two deltas, key, value and headers, each of one octet. */
const LEAST_RECORD_OCTETS = 7;

type Place = { readonly topic: string; readonly partition: number };

/**
 * Looks over the records of a batch without making any: there are as many as it says, one behind the other up to the end. Throws
 * `UnreadableError` (malformed) before anything is made of them.
 */
export function checkLengths({ count }: Pick<RecordBatch, 'count'>, octets: Buffer): void {
  if (count < 0 || count > octets.length / LEAST_RECORD_OCTETS) throw new UnreadableError('malformed');
  const cursor = new Cursor(octets);
  for (let record = 0; record < count; record += 1) {
    const length = cursor.length();
    cursor.at += length;
  }
  if (cursor.left > 0) throw new UnreadableError('malformed');
}

/**
 * Gives the records of a batch from an offset on, in their order; `octets` are its records, unpacked and looked over. One that has no more
 * to say than the frame of a record throws `UnreadableError` where it stands; the records before it have been given.
 */
export function* readRecords(
  { topic, partition }: Place,
  batch: RecordBatch,
  octets: Buffer,
  from: bigint,
): Generator<RawRecord> {
  const { baseOffset, lastOffset, baseTimestamp, appendedAt } = batch;
  const common = { topic, partition, baseOffset, octets, mayBeTraced: mayBeTraced(octets) };
  const cursor = new Cursor(octets);
  const fields = new Cursor(octets);
  const firstDelta = Number(from - baseOffset);
  const lastDelta = Number(lastOffset - baseOffset);
  let previous = -1;
  for (let record = 0; record < batch.count; record += 1) {
    const end = cursor.length() + cursor.at;
    fields.enter(cursor.at, end);
    cursor.at = end;
    fields.octet(); // attributes, of which Kafka defines none
    const timestamp = appendedAt ?? baseTimestamp + fields.varint();
    if (appendedAt !== undefined) fields.varint();
    const delta = fields.varint();
    if (delta <= previous || delta > lastDelta) throw new UnreadableError('malformed');
    previous = delta;
    if (delta < firstDelta) continue;
    const key = fields.nullableText();
    const value = fields.nullableOctets();
    yield rawRecord(common, { delta, timestamp, key, value, headersAt: fields.at, headersEnd: end });
  }
}
