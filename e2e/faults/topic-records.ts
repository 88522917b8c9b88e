import { randomUUID } from 'node:crypto';
import { openKafka, subscribe } from '@bijli/kafka';
import { until } from '@bijli/testing/until';
import type { ForeignRecord } from '../independent/foreign-records.ts';
import type { FaultSystem } from './system.ts';

const silent = (): undefined => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

const connectTo = ({ proxies }: FaultSystem) =>
  openKafka({ clientId: 'faults', brokers: [`127.0.0.1:${proxies.kafka.port}`], log });

/** Reads every record that a topic has now, in a group of its own. */
export async function recordsOf(system: FaultSystem, topic: string): Promise<ForeignRecord[]> {
  const connection = connectTo(system);
  const admin = connection.client.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const wanted = ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  const records: ForeignRecord[] = [];
  const subscription = await subscribe(connection, {
    group: `faults-${randomUUID()}`,
    topics: [topic],
    log,
    onBatch: (batch) => {
      records.push(...batch.map(({ key, value, headers }) => ({ key, value, headers })));
      return Promise.resolve();
    },
    onUnreadable: ({ reason }) => Promise.reject(new Error(`a batch of ${topic} cannot be read: ${reason}`)),
    onFatal: silent,
  });
  await until(() => records.length >= wanted, {
    deadlineMs: 60_000,
    describe: () => `${wanted} records of ${topic}, ${records.length} came`,
  });
  await subscription.stop();
  return records;
}

/** Sets the groups of the notifier that hear a topic back to its beginning, while it is down. @returns the names of the groups. */
export async function replayFromStart(system: FaultSystem, topic: string): Promise<string[]> {
  const admin = connectTo(system).client.admin();
  await admin.connect();
  try {
    return await system.processOf('notifier').whileDown(async () => {
      const { groups } = await admin.listGroups();
      const ids = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith('notifier'));
      const heard: string[] = [];
      for (const groupId of ids) {
        const offsets = await admin.fetchOffsets({ groupId, topics: [topic] });
        if (offsets.flatMap(({ partitions }) => partitions).every(({ offset }) => offset === '-1')) continue;
        await until(async () => (await admin.describeGroups([groupId])).groups[0]?.state === 'Empty', {
          deadlineMs: 90_000,
          describe: `${groupId} to be empty`,
        });
        await admin.resetOffsets({ groupId, topic, earliest: true });
        heard.push(groupId);
      }
      return heard;
    });
  } finally {
    await admin.disconnect();
  }
}
