import { Cursor } from './record-set/cursor.ts';
import { UnreadableError } from './record-set/unreadable-batch.ts';

/**
 * One record as Kafka holds it. Headers are read as UTF-8 text; of a repeated header the last counts. A record from Kafka must not be spread:
 * some of this it works out each time it is asked, since half a million records may come at once, and few of them are asked it.
 */
export type RawRecord = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string | null;
  /** Null for a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
  /** The header of this name, if there is one. */
  readonly traceparent?: string | undefined;
  /** How many headers it has and how many octets they take, told before they are read; absent where they were counted before. */
  readonly headerSize?: { readonly count: number; readonly octets: number };
  /** When the producer, or the broker, dated it. */
  readonly timestamp: Date;
};

/** What the records of a batch have in common. `mayBeTraced` where the word stands anywhere in them. */
export type RecordsOfBatch = {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: bigint;
  readonly octets: Buffer;
  readonly mayBeTraced: boolean;
};

/** The fields of a record in a batch: how far its offset is from that of the batch, and where in its octets its headers stand, as they came. */
export type RecordFields = {
  readonly delta: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headersAt: number;
  readonly headersEnd: number;
};

const TRACEPARENT = 'traceparent';

/** Tells whether any of these records may have a trace to continue: of half a million that come at once none has. */
export function mayBeTraced(octets: Buffer): boolean {
  return octets.includes(TRACEPARENT);
}

class BatchRecord implements RawRecord {
  readonly key: string | null;
  readonly value: Buffer | null;
  private readonly batch: RecordsOfBatch;
  private readonly delta: number;
  private readonly milliseconds: number;
  private readonly headersAt: number;
  private readonly headersEnd: number;

  constructor(batch: RecordsOfBatch, { delta, timestamp, key, value, headersAt, headersEnd }: RecordFields) {
    this.key = key;
    this.value = value;
    this.batch = batch;
    this.delta = delta;
    this.milliseconds = timestamp;
    this.headersAt = headersAt;
    this.headersEnd = headersEnd;
  }

  get topic(): string {
    return this.batch.topic;
  }

  get partition(): number {
    return this.batch.partition;
  }

  get offset(): bigint {
    return this.batch.baseOffset + BigInt(this.delta);
  }

  get traceparent(): string | undefined {
    if (!this.batch.mayBeTraced) return undefined;
    return this.headerOctets().includes(TRACEPARENT) ? this.headers[TRACEPARENT] : undefined;
  }

  get headers(): Record<string, string> {
    return readHeaders(this.headerOctets());
  }

  get headerSize(): { count: number; octets: number } {
    const count = headerCount(new Cursor(this.batch.octets, this.headersAt, this.headersEnd));
    return { count, octets: this.headersEnd - this.headersAt };
  }

  get timestamp(): Date {
    return new Date(this.milliseconds);
  }

  private headerOctets(): Buffer {
    return this.batch.octets.subarray(this.headersAt, this.headersEnd);
  }
}

/** Makes a record of its fields. */
export function rawRecord(batch: RecordsOfBatch, fields: RecordFields): RawRecord {
  return new BatchRecord(batch, fields);
}

function headerCount(headers: Cursor): number {
  try {
    return Math.max(0, headers.varint());
  } catch {
    return 0;
  }
}

/** Reads headers up to the first that is malformed; none of them makes it throw. */
function readHeaders(octets: Buffer): Record<string, string> {
  const headers = new Map<string, string>();
  try {
    const cursor = new Cursor(octets);
    for (let left = cursor.varint(); left > 0; left -= 1) {
      const name = cursor.take(cursor.length()).toString('utf8');
      const value = cursor.nullableOctets();
      if (value === null) headers.delete(name);
      else headers.set(name, value.toString('utf8'));
    }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
  }
  return Object.fromEntries(headers);
}
