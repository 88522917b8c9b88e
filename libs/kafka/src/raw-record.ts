import type { IHeaders, KafkaMessage } from 'kafkajs';

/**
 * One record as Kafka holds it. Headers are read as UTF-8 text; of a repeated header the last counts. A record from Kafka must not be spread:
 * some of this it works out each time it is asked, since whoever reads half a million records at once asks it of few.
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
  /** When the producer, or the broker, dated it. */
  readonly timestamp: Date;
};

/** kafkajs as patched (scripts/patches/kafkajs.patch): it keeps the headers as they came and takes them apart when they are asked for. */
type Message = KafkaMessage & { encodedHeaders?: Buffer };

const TRACEPARENT = 'traceparent';

class MessageRecord implements RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly traceparent: string | undefined;
  private readonly message: Message;

  constructor(topic: string, partition: number, message: Message) {
    this.topic = topic;
    this.partition = partition;
    this.key = message.key === null ? null : message.key.toString('utf8');
    this.value = message.value;
    this.message = message;
    this.traceparent = mayBeTraced(message) ? this.headers[TRACEPARENT] : undefined;
  }

  get offset(): bigint {
    return BigInt(this.message.offset);
  }

  get headers(): Record<string, string> {
    return textHeaders(this.message.headers ?? {});
  }

  get timestamp(): Date {
    return new Date(Number(this.message.timestamp));
  }
}

const mayBeTraced = ({ encodedHeaders }: Message): boolean => encodedHeaders?.includes(TRACEPARENT) ?? true;

/** Turns kafkajs' message into ours. */
export const rawRecord = (topic: string, partition: number, message: Message): RawRecord =>
  new MessageRecord(topic, partition, message);

function textHeaders(headers: IHeaders): Record<string, string> {
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined && last !== null) text[name] = last.toString();
  }
  return text;
}
