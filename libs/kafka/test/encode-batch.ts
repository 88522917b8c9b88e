import { createRequire } from 'node:module';

const crc32C = createRequire(__filename)('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (
  octets: Buffer,
) => number;

/** A record as a test says it; absent fields are null, headers none. */
export type GivenRecord = {
  readonly offsetDelta?: number;
  readonly timestampDelta?: number;
  readonly key?: string | Buffer | null;
  readonly value?: string | Buffer | null;
  readonly headers?: readonly (readonly [name: string, value: string | Buffer | null])[];
};

/** A batch as a test says it. What is not said is what a producer would write. */
export type GivenBatch = {
  readonly baseOffset?: bigint;
  readonly records?: readonly GivenRecord[];
  /** The records as octets, packed as `codec` says, in place of `records`. */
  readonly octets?: Buffer;
  readonly codec?: number;
  readonly flags?: number;
  readonly lastOffsetDelta?: number;
  readonly count?: number;
  readonly magic?: number;
  readonly baseTimestamp?: bigint;
  readonly maxTimestamp?: bigint;
  readonly producerId?: bigint;
  /** Added to the right checksum. */
  readonly wrongChecksum?: number;
};

/** Flags of a batch, beside its codec. */
export const LOG_APPEND_TIME = 0x08;
export const TRANSACTIONAL = 0x10;
export const CONTROL = 0x20;

/** A zigzag varint of Kafka. */
function varint(value: number): Buffer {
  const octets: number[] = [];
  let left = BigInt(value) >= 0n ? 2n * BigInt(value) : -2n * BigInt(value) - 1n;
  for (; left >= 128n; left /= 128n) octets.push(Number(left % 128n) + 128);
  return Buffer.from([...octets, Number(left)]);
}

const octetsOf = (value: string | Buffer): Buffer => (typeof value === 'string' ? Buffer.from(value) : value);

function withLength(value: string | Buffer | null | undefined): Buffer {
  if (value === null || value === undefined) return varint(-1);
  return Buffer.concat([varint(octetsOf(value).length), octetsOf(value)]);
}

/** Writes a record behind its length, as Kafka's protocol says. */
export function encodeRecord(given: GivenRecord, position = 0): Buffer {
  const { offsetDelta = position, timestampDelta = 0, key, value, headers = [] } = given;
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(timestampDelta),
    varint(offsetDelta),
    withLength(key),
    withLength(value),
    varint(headers.length),
    ...headers.map(([name, told]) => Buffer.concat([withLength(name), withLength(told)])),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

export function encodeRecords(records: readonly GivenRecord[]): Buffer {
  return Buffer.concat(records.map((record, position) => encodeRecord(record, position)));
}

/** Writes a record batch, as Kafka's protocol says. */
export function encodeBatch(given: GivenBatch): Buffer {
  const { records = [], octets = encodeRecords(records), count = records.length, lastOffsetDelta = count - 1 } = given;
  const batch = Buffer.alloc(61);
  batch.writeBigInt64BE(given.baseOffset ?? 0n, 0);
  batch.writeInt32BE(49 + octets.length, 8);
  batch.writeInt32BE(0, 12);
  batch.writeInt8(given.magic ?? 2, 16);
  batch.writeInt16BE((given.codec ?? 0) | (given.flags ?? 0), 21);
  batch.writeInt32BE(lastOffsetDelta, 23);
  batch.writeBigInt64BE(given.baseTimestamp ?? 1_000n, 27);
  batch.writeBigInt64BE(given.maxTimestamp ?? 1_000n, 35);
  batch.writeBigInt64BE(given.producerId ?? -1n, 43);
  batch.writeInt16BE(-1, 51);
  batch.writeInt32BE(-1, 53);
  batch.writeInt32BE(count, 57);
  const whole = Buffer.concat([batch, octets]);
  whole.writeUInt32BE((crc32C(whole.subarray(21)) + (given.wrongChecksum ?? 0)) >>> 0, 17);
  return whole;
}
