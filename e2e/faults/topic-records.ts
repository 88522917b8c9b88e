import { openKafka } from '@bijli/kafka';
import { until } from '@bijli/testing/until';
import type { ForeignRecord } from '../independent/foreign-records.ts';
import type { FaultSystem } from './system.ts';

const silent = (): undefined => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

const clientOf = ({ proxies }: FaultSystem) =>
  openKafka({ clientId: 'faults', brokers: [`127.0.0.1:${proxies.kafka.port}`], log }).client;

/** Reads every record of a topic, as somebody who is none of the services. */
export async function recordsOf(system: FaultSystem, topic: string): Promise<ForeignRecord[]> {
  const client = clientOf(system);
  const admin = client.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const wanted = ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  const records: ForeignRecord[] = [];
  const consumer = client.consumer({ groupId: `faults-${crypto.randomUUID()}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message: { key, value } }) => {
      records.push({ key: key?.toString() ?? null, value });
      return Promise.resolve();
    },
  });
  await until(() => records.length >= wanted, { deadlineMs: 60_000, describe: `${wanted} records of ${topic}` });
  await consumer.disconnect();
  return records.slice(0, wanted);
}

/** Sets the groups of the notifier that hear a topic back to its beginning, while it is down. @returns the names of the groups. */
export async function replayFromStart(system: FaultSystem, topic: string): Promise<string[]> {
  const admin = clientOf(system).admin();
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
