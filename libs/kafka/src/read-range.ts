import kafkajs from 'kafkajs';
import type { Consumer } from 'kafkajs';
import { fetchedSet } from './handle-batch.ts';
import type { KafkaConnection } from './open-kafka.ts';
import type { Portion } from './record-set/read-record-set.ts';
import { readRecordSet } from './record-set/read-record-set.ts';

/** Offsets of one partition, both included; without `last` up to its present end. */
export type OffsetRange = {
  readonly topic: string;
  readonly partition: number;
  readonly first: bigint;
  readonly last?: bigint;
};

/**
 * Reads what a topic still has of a range, portion by portion, beside the group and without committing anything. Nothing comes of what the
 * topic has forgotten. Rejects while the broker does not answer, or the subscription has not connected yet.
 */
export async function* readRange(
  connection: KafkaConnection,
  consumer: Consumer,
  { topic, partition, first, last }: OffsetRange,
): AsyncGenerator<Portion> {
  for (let next = first; last === undefined || next <= last; ) {
    const batch = await fetchFrom(connection, consumer, { topic: connection.prefix + topic, partition, offset: next });
    if (batch !== null && batch.errorCode !== 0) throw new Error(`the broker answers error ${batch.errorCode}`);
    if (batch === null || batch.recordSet.length === 0) return;
    for await (const portion of readRecordSet(fetchedSet(connection.prefix, batch))) {
      yield last === undefined ? portion : upTo(last, portion);
      next = portion.unreadable === null ? portion.next : portion.unreadable.last + 1n;
    }
  }
}

type Place = { topic: string; partition: number; offset: bigint };

/** From the oldest offset that is kept, where the one that is asked for is not any more; null beyond the end. */
async function fetchFrom(connection: KafkaConnection, consumer: Consumer, { offset, ...place }: Place) {
  try {
    return await consumer.fetchPartition({ ...place, offset: String(offset) });
  } catch (error) {
    if (!(error instanceof kafkajs.KafkaJSOffsetOutOfRange)) throw error;
    const oldest = await oldestOffset(connection, place);
    return oldest > offset ? await consumer.fetchPartition({ ...place, offset: String(oldest) }) : null;
  }
}

async function oldestOffset({ client }: KafkaConnection, { topic, partition }: Omit<Place, 'offset'>): Promise<bigint> {
  const admin = client.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return BigInt(offsets.find((each) => each.partition === partition)?.low ?? 0);
  } finally {
    await admin.disconnect();
  }
}

function upTo(last: bigint, { records, next, unreadable }: Portion): Portion {
  const isIn = unreadable !== null && unreadable.first <= last;
  return { records: records.filter(({ offset }) => offset <= last), next, unreadable: isIn ? unreadable : null };
}
