/** What stands at the head of a request: which it is and by what number its answer is known. */
export type RequestHead = { readonly apiKey: number; readonly apiVersion: number; readonly correlationId: number };

/** What an answer brings of one partition, to be written over: `errorCode` is an int16, `batches` are as the broker has them. */
export type FetchedPartition = {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: Buffer;
  readonly batches: Buffer[];
};

const FETCH = 1;

export function isFetch({ apiKey }: RequestHead): boolean {
  return apiKey === FETCH;
}

/** Request header: length int32, api key int16, version int16, correlation id int32. */
export function requestHead(frame: Buffer): RequestHead {
  return {
    apiKey: frame.readInt16BE(4),
    apiVersion: frame.readInt16BE(6),
    correlationId: frame.readInt32BE(8),
  };
}

/*
 * Fetch response 11: throttle time int32, error code int16, session id int32, then the topics: each a name and its partitions: number int32,
 * error code int16, high watermark int64, last stable offset int64, log start offset int64, aborted transactions of two int64, preferred
 * replica int32, record set. Arrays and octets stand behind their length as int32, a name behind an int16.
 */
const VERSION = 11;
const TOPICS_AT = 4 + 4 + 4 + 2 + 4;
const OFFSETS_OCTETS = 3 * 8;
const ABORTED_OCTETS = 2 * 8;

/** Gives each partition of a fetch's answer to be changed where it stands; throws when the client speaks another version. */
export function changeFetched(frame: Buffer, head: RequestHead, change: (partition: FetchedPartition) => void): void {
  if (head.apiVersion !== VERSION) throw new Error(`a fetch of version ${head.apiVersion} cannot be changed`);
  let at = TOPICS_AT;
  const int32 = (): number => frame.readInt32BE((at += 4) - 4);
  const take = (length: number): Buffer => frame.subarray(at, (at += Math.max(0, length)));
  for (let topics = int32(); topics > 0; topics -= 1) {
    const topic = take(take(2).readInt16BE(0)).toString();
    for (let partitions = int32(); partitions > 0; partitions -= 1) {
      const partition = int32();
      const errorCode = take(2);
      take(OFFSETS_OCTETS);
      take(ABORTED_OCTETS * int32());
      take(4);
      change({ topic, partition, errorCode, batches: batchesOf(take(int32())) });
    }
  }
}

/** A batch: its first offset int64, the length of the rest int32, and the rest. */
function batchesOf(recordSet: Buffer): Buffer[] {
  const batches: Buffer[] = [];
  for (let at = 0; at + 12 <= recordSet.length; at += 12 + recordSet.readInt32BE(at + 8))
    batches.push(recordSet.subarray(at, at + 12 + recordSet.readInt32BE(at + 8)));
  return batches;
}

const CRC_AT = 17;
const SUMMED_FROM = 21;
const CASTAGNOLI = 0x82f63b78;

/** Writes the checksum (CRC-32C) that a changed batch should have, as if its producer had made it so. */
export function sealBatch(batch: Buffer): void {
  let crc = -1;
  for (const octet of batch.subarray(SUMMED_FROM)) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ CASTAGNOLI;
  }
  batch.writeUInt32BE(~crc >>> 0, CRC_AT);
}
