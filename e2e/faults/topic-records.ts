import { randomUUID } from 'node:crypto';
import { type KafkaConnection, openKafka, subscribe } from '@bijli/kafka';
import { until } from '@bijli/testing/until';
import type { ForeignRecord } from '../independent/foreign-records.ts';
import { ask, countOf } from './ledger.ts';
import type { FaultSystem, ServiceName } from './system.ts';

type Admin = ReturnType<KafkaConnection['client']['admin']>;

const silent = (): undefined => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

const connectTo = ({ proxies }: FaultSystem) =>
  openKafka({ clientId: 'faults', brokers: [`127.0.0.1:${proxies.kafka.port}`], log });

/** Reads a topic in a group of its own until all of some events have come. @returns every record that came. */
export async function recordsOf(
  system: FaultSystem,
  topic: string,
  eventIds: readonly string[],
): Promise<ForeignRecord[]> {
  const missing = new Set(eventIds);
  const records: ForeignRecord[] = [];
  const subscription = await subscribe(connectTo(system), {
    group: `faults-${randomUUID()}`,
    topics: [topic],
    log,
    onBatch: (batch) => {
      for (const { key, value, headers } of batch) {
        records.push({ key, value, headers });
        missing.delete(headers['ce_id'] ?? '');
      }
      return Promise.resolve();
    },
    onUnreadable: ({ reason }) => Promise.reject(new Error(`a batch of ${topic} cannot be read: ${reason}`)),
    onFatal: silent,
  });
  try {
    await until(() => missing.size === 0, {
      deadlineMs: 60_000,
      describe: () => `${eventIds.length} events on ${topic}, ${missing.size} are missing of ${records.length} records`,
    });
  } finally {
    await subscription.stop();
  }
  return records;
}

/** The events that a service has said, by their ids, when it has said all that it had to say. */
export async function eventsSaid(system: FaultSystem, name: ServiceName): Promise<string[]> {
  const unsaid = 'select count(*)::int as n from outbox where published_at is null';
  await until(async () => (await countOf(system.database(name), unsaid)) === 0, {
    deadlineMs: 120_000,
    describe: `the outbox of ${name} to be empty`,
  });
  const committed = 'select event_id::text as id from outbox_event where event_id is not null';
  const events = await ask<{ id: string }>(system.database(name), committed);
  return events.map(({ id }) => id).filter((id) => !system.forgotten.has(id));
}

/** Where the notifier is to read each partition of a topic from, of which Kafka has the records from `low` to before `high`. */
export type Places = (partition: { readonly partition: number; readonly low: number; readonly high: number }) => number;

/** What Kafka is made to forget, and where the notifier goes on, while it is down. */
export type MovedOffsets = { readonly forgetsAll?: boolean; readonly to: Places };

/**
 * Moves the groups of the notifier that hear a topic, while it is down and after what is to happen then.
 * @returns the names of the groups.
 */
export async function moveOffsets(
  system: FaultSystem,
  topic: string,
  { forgetsAll = false, to }: MovedOffsets,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const admin = connectTo(system).client.admin();
  await admin.connect();
  try {
    return await system.processOf('notifier').whileDown(async () => {
      await meanwhile();
      const before = await admin.fetchTopicOffsets(topic);
      if (forgetsAll) {
        const partitions = before.map(({ partition, high }) => ({ partition, offset: high }));
        await admin.deleteTopicRecords({ topic, partitions: partitions.filter(({ offset }) => offset !== '0') });
      }
      const places = (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => {
        const offset = to({ partition, low: Number(low), high: Number(high) });
        return { partition, offset: String(offset) };
      });
      const groups = await groupsThatHear(admin, topic);
      for (const groupId of groups) await admin.setOffsets({ groupId, topic, partitions: places });
      return groups;
    });
  } finally {
    await admin.disconnect();
  }
}

/** The groups of the notifier that have offsets of a topic, when nobody is in them any more. */
async function groupsThatHear(admin: Admin, topic: string): Promise<string[]> {
  const { groups } = await admin.listGroups();
  const heard: string[] = [];
  for (const { groupId } of groups.filter((group) => group.groupId.startsWith('notifier'))) {
    const offsets = await admin.fetchOffsets({ groupId, topics: [topic] });
    if (offsets.flatMap(({ partitions }) => partitions).every(({ offset }) => offset === '-1')) continue;
    await until(async () => (await admin.describeGroups([groupId])).groups[0]?.state === 'Empty', {
      deadlineMs: 90_000,
      describe: `${groupId} to be empty`,
    });
    heard.push(groupId);
  }
  return heard;
}
