import type { IHeaders, KafkaMessage } from 'kafkajs';

/** One record as Kafka holds it. Headers are read as UTF-8 text; of a repeated header the last counts. */
export type RawRecord = {
  topic: string;
  partition: number;
  offset: bigint;
  key: string | null;
  /** Null for a tombstone. */
  value: Buffer | null;
  headers: Record<string, string>;
  /** When the producer, or the broker, dated it. */
  timestamp: Date;
};

/** Turns kafkajs' message into ours. */
export function rawRecord(topic: string, partition: number, message: KafkaMessage): RawRecord {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key === null ? null : message.key.toString('utf8'),
    value: message.value,
    headers: textHeaders(message.headers ?? {}),
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
