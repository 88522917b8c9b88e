import { createRequire } from 'node:module';
import { UnreadableError } from './unreadable-batch.ts';

/** Patched, eight octets a step (docs/adr/0008-kafkajs-is-patched.md). */
const crc32C = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (
  octets: Buffer,
) => number;

/*
 * A record batch (Apache Kafka, "Record Batch"): baseOffset int64, batchLength int32, partitionLeaderEpoch int32, magic int8, crc uint32,
 * attributes int16, lastOffsetDelta int32, baseTimestamp int64, maxTimestamp int64, producerId int64, producerEpoch int16,
 * baseSequence int32, then the number of records as int32 and the records, packed or not. The checksum is of all behind it.
 */
const LENGTH_AT = 8;
const MAGIC_AT = 16;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const BASE_TIMESTAMP_AT = 27;
const MAX_TIMESTAMP_AT = 35;
const PRODUCER_ID_AT = 43;
const COUNT_AT = 57;
const RECORDS_AT = 61;

/** Offset and length, which every format has had, and which the length does not count. */
const FRAME_OCTETS = 12;
/** A message of the oldest format: checksum, magic, attributes, and the lengths of an absent key and value. */
const LEAST_LENGTH = 14;
const MAGIC = 2;

const CODEC_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** Where a batch lies in a record set. What a batch says of itself is believed only after its checksum. */
export type Frame = { readonly at: number; readonly end: number; readonly baseOffset: bigint };

/**
 * Finds the batch at `at`; null when the rest of the set is the beginning of one, as where the broker cut it. The first is never cut (fetch
 * version 3 and later: then the set is empty), so one that goes beyond the set has a wrong length, which throws.
 */
export function frameAt(set: Buffer, at: number): Frame | null {
  const isWhole = set.length - at >= FRAME_OCTETS;
  const length = isWhole ? set.readInt32BE(at + LENGTH_AT) : LEAST_LENGTH;
  const end = at + FRAME_OCTETS + length;
  if (isWhole && length >= LEAST_LENGTH && end <= set.length) return { at, end, baseOffset: set.readBigInt64BE(at) };
  if (at === 0 || length < LEAST_LENGTH) throw new UnreadableError('wrong-length');
  return null;
}

/** A batch whose checksum is right. Times are milliseconds since 1970. */
export type RecordBatch = {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  readonly codec: number;
  readonly baseTimestamp: number;
  /** When the broker appended it, where the topic dates records so; undefined where each record has its own date. */
  readonly appendedAt: number | undefined;
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly count: number;
  /** Packed as `codec` says. */
  readonly records: Buffer;
};

/** Reads what a batch says of itself; throws `UnreadableError`. */
export function readBatch(set: Buffer, { at, end, baseOffset }: Frame): RecordBatch {
  if (set[at + MAGIC_AT] !== MAGIC) throw new UnreadableError('unknown-format');
  if (end - at < RECORDS_AT) throw new UnreadableError('wrong-length');
  if (crc32C(set.subarray(at + ATTRIBUTES_AT, end)) !== set.readUInt32BE(at + CRC_AT))
    throw new UnreadableError('bad-checksum');
  const attributes = set.readInt16BE(at + ATTRIBUTES_AT);
  const isAppendTime = (attributes & LOG_APPEND_TIME) !== 0;
  return {
    baseOffset,
    lastOffset: claimedLastOffset(set, at),
    codec: attributes & CODEC_MASK,
    baseTimestamp: Number(set.readBigInt64BE(at + BASE_TIMESTAMP_AT)),
    appendedAt: isAppendTime ? Number(set.readBigInt64BE(at + MAX_TIMESTAMP_AT)) : undefined,
    producerId: set.readBigInt64BE(at + PRODUCER_ID_AT),
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    count: set.readInt32BE(at + COUNT_AT),
    records: set.subarray(at + RECORDS_AT, end),
  };
}

/** The codec that a batch says it has, whether or not it may be believed; null where it is too short to say it. */
export function claimedCodec(set: Buffer, { at, end }: Frame): number | null {
  return end - at < RECORDS_AT ? null : set.readInt16BE(at + ATTRIBUTES_AT) & CODEC_MASK;
}

/** The last offset that a batch says it has, whether or not it may be believed; before all others where it is too short to say it. */
export function claimedLastOffset(set: Buffer, at: number): bigint {
  if (set.length - at < BASE_TIMESTAMP_AT) return -1n;
  return set.readBigInt64BE(at) + BigInt(set.readInt32BE(at + LAST_OFFSET_DELTA_AT));
}
