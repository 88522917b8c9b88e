import { listDeadLetters, replayDeadLetter } from '@bijli/outbox';
import { withTransaction } from '@bijli/postgres';
import { type BrokerGate, openBrokerGate, randomName, sealBatch, testKafkaBrokers, until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { controlRoomEvent, startControlRoom, startRegistry } from './neighbours.ts';
import { withPool } from './outage-database.ts';
import { makeTopics, nodeEvent, type RunningOutage, startOutage } from './running-outage.ts';

const prefix = `${randomName('outage')}.`;

let gate: BrokerGate;
let outage: RunningOutage;
let registry: Awaited<ReturnType<typeof startRegistry>>;
let controlRoom: Awaited<ReturnType<typeof startControlRoom>>;
beforeAll(async () => {
  await makeTopics(prefix);
  gate = await openBrokerGate(testKafkaBrokers()[0] ?? '');
  [outage, registry, controlRoom] = await Promise.all([
    startOutage({ prefix, brokers: gate.brokers }),
    startRegistry(prefix),
    startControlRoom(prefix),
  ]);
});
afterAll(async () => {
  await Promise.all([outage?.stop(), registry?.stop(), controlRoom?.stop()]);
  await gate?.shut();
});

const outcomesOf = (key: string) => outage.outcomes.filter((each) => each.key === key).map(({ outcome }) => outcome);
const settled = (key: string) =>
  until(() => outcomesOf(key)[0], { describe: () => `an outcome of ${key}, there are ${outage.outcomes.length}` });

/** Makes batches of a topic, in which a text stands, ones of a codec that nobody knows. */
function spoil(ofTopic: string, text: string): void {
  gate.change = ({ topic, batches }) => {
    for (const batch of batches.filter((each) => topic === prefix + ofTopic && each.includes(text))) {
      batch.writeInt16BE(7, 21);
      sealBatch(batch);
    }
  };
}

describe('a batch that cannot be read', () => {
  test.each([
    ['control-room', 'control-room.outage.v1'],
    ['network-node', 'consumer-registry.network.v1'],
  ])('of %s holds up nobody, is told of, and is heard when it is replayed', async (subscription, topic) => {
    const [lost, kept] = [randomName('F-lost'), randomName('F-kept')];
    const say = async (node: string): Promise<string> => {
      if (subscription === 'network-node') return registry.say(nodeEvent(node)).then(() => node);
      const said = controlRoomEvent({ cause: 'storm', nodeIds: [node], aggregateId: node });
      return controlRoom.say(said).then(() => node);
    };
    if (subscription === 'control-room') {
      await registry.say(nodeEvent(lost), nodeEvent(kept));
      await Promise.all([settled(lost), settled(kept)]);
      outage.outcomes.length = 0;
    }
    spoil(topic, lost);

    await say(lost);
    await until(() => outage.outcomes.some(({ outcome }) => outcome === 'dead'), {
      describe: 'the batch to be parked',
    });
    await say(kept);
    expect(await settled(kept)).toBe('applied');

    expect(await outage.ask('GET', '/readyz')).toMatchObject({
      status: 200,
      body: { parts: { subscriptions: { ok: true, detail: `1 parked batch of ${subscription}` } } },
    });
    expect((await outage.ask('GET', '/v1/outages')).status).toBe(200);

    gate.change = () => undefined;
    await withPool(outage.database, async (db) => {
      const [letter] = await listDeadLetters(db);
      expect(letter).toMatchObject({ reason: 'unknown-codec', subscription, topic });
      await withTransaction(db, (tx) => replayDeadLetter(tx, letter?.id ?? '', 'asha'));
    });
    expect(await settled(lost)).toBe('applied');
    await until(async () => !JSON.stringify((await outage.ask('GET', '/readyz')).body).includes('parked'), {
      describe: 'nothing parked',
    });
    outage.outcomes.length = 0;
  });
});
