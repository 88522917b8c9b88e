import type { Consumer } from 'kafkajs';
import type { Place } from './fetch-at.ts';
import { fetchAt } from './fetch-at.ts';
import { findReach } from './find-reach.ts';
import { fetchedSet, setsOf } from './handle-batch.ts';
import type { KafkaConnection } from './open-kafka.ts';
import type { Portion } from './record-set/read-record-set.ts';
import { GONE } from './record-set/unreadable-batch.ts';
import { readRecordSet } from './record-set/read-record-set.ts';

/** Offsets of one partition, both included; without `last` up to its present end. */
export type OffsetRange = {
  readonly topic: string;
  readonly partition: number;
  readonly first: bigint;
  readonly last?: bigint;
};

/**
 * Reads what a topic still has of a range, portion by portion, beside the group and without committing anything. What the topic has
 * forgotten, from its old end, is told as unreadable (`gone`); what was compacted away is not told. Rejects while the broker does not answer,
 * or the subscription has not connected yet.
 */
export async function* readRange(
  connection: KafkaConnection,
  consumer: Consumer,
  { topic, partition, first, last }: OffsetRange,
): AsyncGenerator<Portion> {
  const place = { topic: connection.prefix + topic, partition };
  for (let next = first; last === undefined || next <= last; ) {
    const batch = await fetchAt(consumer, { ...place, offset: next });
    if (batch === null) {
      const oldest = await oldestOffset(connection, place);
      if (oldest <= next) return; // beyond the end
      yield upTo(last, {
        records: [],
        next: oldest,
        unreadable: { topic, partition, first: next, last: oldest - 1n, ...GONE },
      });
      next = oldest;
      continue;
    }
    for await (const { unreadable: found, ...portion } of readRecordSet(fetchedSet(connection.prefix, batch))) {
      const unreadable = found && (await findReach(found, setsOf(consumer, place)));
      yield upTo(last, { ...portion, unreadable });
      next = unreadable === null ? portion.next : unreadable.last + 1n;
    }
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

/** What goes beyond the range is cut off: others have it, or had it. */
function upTo(last: bigint | undefined, { records, next, unreadable }: Portion): Portion {
  if (last === undefined) return { records, next, unreadable };
  const isIn = unreadable !== null && unreadable.first <= last;
  const cut = isIn ? { ...unreadable, last: unreadable.last < last ? unreadable.last : last } : null;
  return { records: records.filter(({ offset }) => offset <= last), next, unreadable: cut };
}
