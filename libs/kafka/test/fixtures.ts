import { randomName, testKafkaBrokers } from '@bijli/testing';
import type { KafkaConnection, Log, RawRecord, RawSubscription, UnreadableBatch } from '../src/index.ts';
import { createTopics, openKafka, subscribe } from '../src/index.ts';
import { openProducer } from '../src/produce.ts';

/** A line of the log, as it was written. */
export type Line = { readonly level: string; readonly fields: Record<string, unknown>; readonly message: string };

/** A log that keeps its lines. */
export function memoryLog(): Log & { lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields: fields as Record<string, unknown>, message });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A connection with a prefix of its own: topics and groups of this test are nobody else's. */
export function testConnection(log = memoryLog(), brokers = testKafkaBrokers()): KafkaConnection {
  return openKafka({ clientId: 'test', brokers, log, prefix: `${randomName('t')}.` });
}

export async function createTopic(connection: KafkaConnection, topic: string, partitions = 3): Promise<void> {
  await createTopics(connection, [{ topic, partitions, config: { 'cleanup.policy': 'delete' } }]);
}

export async function produce(
  connection: KafkaConnection,
  topic: string,
  keys: readonly string[],
  headers: Record<string, string> = {},
): Promise<void> {
  const producer = await openProducer(connection);
  await producer.send(keys.map((key) => ({ topic, key, value: Buffer.from(`value of ${key}`), headers })));
  await producer.close();
}

/** Subscribes and keeps what it hears; a failure is kept as well. */
export async function collect(
  connection: KafkaConnection,
  topic: string,
  options: {
    group?: string;
    onBatch?: (records: readonly RawRecord[]) => Promise<void>;
    onUnreadable?: () => Promise<void>;
    partitionsAtOnce?: number;
    limits?: { noPollMs: number; noCommitMs: number };
    isAway?: (error: unknown) => boolean;
  } = {},
): Promise<RawSubscription & { heard: RawRecord[]; unreadable: UnreadableBatch[]; fatal: Error[] }> {
  const heard: RawRecord[] = [];
  const unreadable: UnreadableBatch[] = [];
  const fatal: Error[] = [];
  const subscription = await subscribe(connection, {
    group: options.group ?? 'hearer',
    topics: [topic],
    log: connection.log,
    partitionsAtOnce: options.partitionsAtOnce ?? 1,
    onFatal: (error) => fatal.push(error),
    onBatch: async (records) => {
      await options.onBatch?.(records);
      heard.push(...records);
    },
    onUnreadable: async (batch) => {
      await options.onUnreadable?.();
      unreadable.push(batch);
    },
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.isAway === undefined ? {} : { isAway: options.isAway }),
  });
  return { ...subscription, heard, unreadable, fatal };
}

/** The keys of a topic in the order in which each partition has them. */
export function keysOf(records: readonly RawRecord[]): string[] {
  return records.map(({ key }) => key ?? '');
}
