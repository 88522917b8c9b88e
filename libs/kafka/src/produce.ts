import { types } from 'node:util';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Message } from 'kafkajs';
import type { KafkaConnection } from './open-kafka.ts';
import { RETRY } from './open-kafka.ts';
import { byKey, type WrittenPartitions } from './partition-of-key.ts';

/** A record to be written. `value` null is a tombstone. Equal keys of one topic stay in order. */
export type ProducedRecord = {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
};

export type RecordProducer = {
  /** Resolves when all in-sync replicas have all records; rejects when that is not certain, and then some may be there. */
  send(records: readonly ProducedRecord[]): Promise<void>;
  close(): Promise<void>;
};

/** Measured: one record a send 1,000/s, 500 to 1,000 records a send 49,000 to 106,000/s. */
const MAX_RECORDS = 1_000;
/** The broker's limit of 1 MiB is for all records that one send brings to one partition, so a send stays below it altogether. */
const MAX_BYTES = 768 * 1024;
const RECORD_OVERHEAD_BYTES = 100;
const ALL_IN_SYNC_REPLICAS = -1;
const ACK_TIMEOUT_MS = 30_000;

/**
 * Connects a producer. Only libs/outbox imports this: a service says things by `appendEvents`. Rejects when no broker answers; the caller
 * tries again. kafkajs' idempotent mode loses its order under concurrent sends, so there is none: one send at a time, and a subscriber that
 * receives an event twice recognises its id. `declaredPartitions` tells of a topic, by its own name, how many of its partitions are
 * written to.
 */
export async function openProducer(
  connection: KafkaConnection,
  declaredPartitions: WrittenPartitions = () => undefined,
): Promise<RecordProducer> {
  const producer = connection.client.producer({
    createPartitioner: byKey((topic) => declaredPartitions(topic.slice(connection.prefix.length))),
    allowAutoTopicCreation: false,
    idempotent: false,
    maxInFlightRequests: 1,
    retry: RETRY,
  });
  await withoutTracing(() => producer.connect());
  let latest: Promise<void> = Promise.resolve();
  const sendAll = async (records: readonly ProducedRecord[]): Promise<void> => {
    for (const topicMessages of sends(records, connection.prefix)) {
      await withoutTracing(() =>
        producer.sendBatch({ acks: ALL_IN_SYNC_REPLICAS, timeout: ACK_TIMEOUT_MS, topicMessages }),
      );
    }
  };
  return {
    send: (records) => {
      const mine = latest.then(() => sendAll(records));
      latest = mine.catch(() => undefined);
      return mine;
    },
    close: async () => {
      await latest;
      await producer.disconnect();
    },
  };
}

/** Tells whether a send failed since the brokers do not know a topic of it: then none of it was written. */
export function isUnknownTopic(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; types.isNativeError(at) && depth < MOST_CAUSES; at = at.cause, depth += 1)
    if ((at as Error & { type?: unknown }).type === 'UNKNOWN_TOPIC_OR_PARTITION') return true;
  return false;
}

const MOST_CAUSES = 5;

/** kafkajs' instrumentation would overwrite the stored traceparent with a fresh root and make a span per message. */
const withoutTracing = <T>(work: () => Promise<T>): Promise<T> => context.with(suppressTracing(ROOT_CONTEXT), work);

type Send = { topic: string; messages: Message[] }[];

/** Cuts records, in their order, into sends below both limits, each grouped by topic. */
export function* sends(records: readonly ProducedRecord[], prefix = ''): Generator<Send> {
  let byTopic = new Map<string, Message[]>();
  let count = 0;
  let bytes = 0;
  for (const record of records) {
    const size = (record.value?.length ?? 0) + record.key.length + RECORD_OVERHEAD_BYTES;
    if (count > 0 && (count >= MAX_RECORDS || bytes + size > MAX_BYTES)) {
      yield asSend(byTopic, prefix);
      byTopic = new Map();
      count = 0;
      bytes = 0;
    }
    const messages = byTopic.get(record.topic);
    const message = { key: record.key, value: record.value, headers: record.headers };
    if (messages === undefined) byTopic.set(record.topic, [message]);
    else messages.push(message);
    count += 1;
    bytes += size;
  }
  if (count > 0) yield asSend(byTopic, prefix);
}

const asSend = (byTopic: ReadonlyMap<string, Message[]>, prefix: string): Send =>
  [...byTopic].map(([topic, messages]) => ({ topic: prefix + topic, messages }));
