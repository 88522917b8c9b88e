import type { IHeaders, KafkaMessage } from 'kafkajs';

/** One record as Kafka holds it. Headers are read as UTF-8 text; of a repeated header the last counts. */
export type RawRecord = {
  topic: string;
  partition: number;
  offset: bigint;
  key: string | null;
  /** Null for a tombstone. */
  value: Buffer | null;
  /** Taken apart each time they are asked for: whoever reads half a million records at once needs those of few. */
  headers: Record<string, string>;
  /** The header of this name, if there is one. */
  traceparent?: string | undefined;
  /** When the producer, or the broker, dated it. */
  timestamp: Date;
};

/** kafkajs as patched (scripts/patches/kafkajs.patch): it keeps the headers as they came and takes them apart when they are asked for. */
type Message = KafkaMessage & { encodedHeaders?: Buffer };

const TRACEPARENT = 'traceparent';

/** Turns kafkajs' message into ours. */
export function rawRecord(topic: string, partition: number, message: Message): RawRecord {
  const { encodedHeaders } = message;
  const mayBeTraced = encodedHeaders === undefined || encodedHeaders.includes(TRACEPARENT);
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key === null ? null : message.key.toString('utf8'),
    value: message.value,
    get headers() {
      return textHeaders(message.headers ?? {});
    },
    traceparent: mayBeTraced ? textHeaders(message.headers ?? {})[TRACEPARENT] : undefined,
    timestamp: new Date(Number(message.timestamp)),
  };
}

function textHeaders(headers: IHeaders): Record<string, string> {
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined && last !== null) text[name] = last.toString();
  }
  return text;
}
