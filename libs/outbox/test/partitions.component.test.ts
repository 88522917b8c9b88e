import { type ControlRoomEvent, encodeEvent } from '@bijli/events';
import { newId } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { inbox } from '../src/index.ts';
import { hearOutages, OUTAGE, outage, say } from './outages.ts';
import { CONTROL_ROOM, openTestbed, type Testbed } from './testbed.ts';

const MORE = 14;

let bed: Testbed;
beforeEach(async () => {
  bed = await openTestbed();
  const admin = bed.kafka.client.admin();
  await admin.connect();
  const topicPartitions = [OUTAGE, CONTROL_ROOM].map((topic) => ({ topic: bed.kafka.prefix + topic, count: MORE }));
  await admin.createPartitions({ topicPartitions });
  await admin.disconnect();
});
afterEach(() => bed.close());

describe('a topic with more partitions than it was declared with', () => {
  test('is written to on those that were declared', async () => {
    await bed.run([hearOutages()]);
    await bed.relay();
    await say(bed.db, ...Array.from({ length: 300 }, () => outage(newId(), 1)));

    const partitions = new Set((await bed.seen('applied', 300)).map(({ partition }) => partition));

    expect([...partitions].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_none, partition) => partition));
  });

  test('is heard on all of them', async () => {
    await bed.run([inbox(CONTROL_ROOM, { name: 'control-room', lateness: 'any-order', apply: async () => undefined })]);
    const producer = bed.kafka.client.producer();
    await producer.connect();
    const messages = Array.from({ length: MORE }, (_none, partition) => {
      const event: ControlRoomEvent = {
        ...{ eventId: newId(), type: 'OutageReported', occurredAt: new Date(), aggregateId: newId(), version: 1 },
        ...{ cause: 'storm', nodeIds: ['F-1'], startsAt: null, estimatedRestorationAt: null, restoredAt: null },
        ...{ exceptNodeIds: [], estimateSource: null, isConfirmed: true },
      };
      return { key: event.aggregateId, partition, value: encodeEvent(CONTROL_ROOM, event) };
    });
    await producer.send({ topic: bed.kafka.prefix + CONTROL_ROOM, messages });
    await producer.disconnect();

    const heard = await bed.seen('applied', MORE);

    expect(new Set(heard.map(({ partition }) => partition)).size).toBe(MORE);
  });
});
