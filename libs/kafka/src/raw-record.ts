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

/** The fields of a record in a batch. The offset is that of the batch and a distance from it; headers are as they came. */
export type RecordFields = {
  readonly offset: { readonly base: bigint; readonly delta: number };
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Buffer;
};

const TRACEPARENT = 'traceparent';

class BatchRecord implements RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  private readonly fields: RecordFields;

  constructor(topic: string, partition: number, fields: RecordFields) {
    this.topic = topic;
    this.partition = partition;
    this.key = fields.key === null ? null : fields.key.toString('utf8');
    this.value = fields.value;
    this.fields = fields;
  }

  get offset(): bigint {
    const { base, delta } = this.fields.offset;
    return base + BigInt(delta);
  }

  get traceparent(): string | undefined {
    return this.fields.headers.includes(TRACEPARENT) ? this.headers[TRACEPARENT] : undefined;
  }

  get headers(): Record<string, string> {
    return readHeaders(this.fields.headers);
  }

  get headerSize(): { count: number; octets: number } {
    return { count: headerCount(this.fields.headers), octets: this.fields.headers.length };
  }

  get timestamp(): Date {
    return new Date(this.fields.timestamp);
  }
}

/** Makes a record of its fields. */
export function rawRecord({ topic, partition }: { topic: string; partition: number }, fields: RecordFields): RawRecord {
  return new BatchRecord(topic, partition, fields);
}

function headerCount(octets: Buffer): number {
  try {
    return Math.max(0, new Cursor(octets).varint());
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
