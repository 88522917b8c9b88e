import { join } from 'node:path';
import { type BillingSystemEvent, type ControlRoomEvent, encodeEvent, type EventOf, topics } from '@bijli/events';
import { createTopics, type KafkaConnection, openKafka } from '@bijli/kafka';
import type { WatchedComponent } from '@bijli/loop';
import { appendEvents, inbox, type Outcome, outboxRelay, runSubscriptions } from '@bijli/outbox';
import { closeDatabase, type Database, migrate, openDatabase } from '@bijli/postgres';
import { type BrokerGate, freshDatabase, openBrokerGate, randomName, testKafkaBrokers, until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { repository } from '../settings.ts';
import { describeWithForeignProducer, type ForeignRecord, produceForeign } from './foreign-producer.ts';

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const BILLING = 'billing-system.account.v1';
const CONTROL_ROOM = 'control-room.outage.v1';
const OUTAGE = 'outage.outage.v1';
const EACH = 40;

const broker = testKafkaBrokers()[0] ?? '';
const log = { debug() {}, info() {}, warn() {}, error() {} };
const outcomes: Outcome[] = [];
/** Codecs of the batches that were fetched, by topic. */
const fetched = new Map<string, Set<number>>();
let gate: BrokerGate;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let kafka: KafkaConnection;
let components: WatchedComponent[];

beforeAll(async () => {
  const folder = join(repository, 'libs/outbox/migrations');
  const prepare = async (url: string) => void (await migrate({ url, sources: [{ name: 'outbox', folder }] }));
  database = await freshDatabase({ name: 'codecs', prepare });
  db = openDatabase({ url: database.url, applicationName: 'codecs', onIdleError: () => undefined });
  gate = await openBrokerGate(broker);
  gate.change = ({ topic, batches }) => {
    for (const batch of batches) fetched.set(topic, (fetched.get(topic) ?? new Set()).add(batch.readInt16BE(21) & 7));
  };
  kafka = openKafka({ clientId: 'codecs', brokers: gate.brokers, log, prefix: `${randomName('c')}.` });
  await createTopics(
    kafka,
    ([BILLING, CONTROL_ROOM, OUTAGE] as const).map((topic) => ({ topic, partitions: 2, config: topics[topic].config })),
  );
  const subscriptions = [
    inbox(BILLING, { name: 'billing-system', lateness: 'any-order', apply: async () => undefined }),
    inbox(CONTROL_ROOM, { name: 'control-room', lateness: 'any-order', apply: async () => undefined }),
    inbox(OUTAGE, { name: 'outages', lateness: 'latest-wins', apply: async () => undefined }),
  ];
  const onOutcome = (outcome: Outcome) => void outcomes.push(outcome);
  components = [
    runSubscriptions({ service: 'codecs', db, kafka, subscriptions, log, onOutcome }),
    outboxRelay({ db, kafka, log, pollMs: 50 }),
  ];
  for (const component of components) await component.start();
});
afterAll(async () => {
  for (const component of components) await component.stop();
  await gate.shut();
  await closeDatabase(db);
  await database.close();
});

const payment = (): BillingSystemEvent => ({
  ...{ eventId: newId(), type: 'PaymentReceived', occurredAt: new Date(), aggregateId: newId(), version: 1 },
  ...{ accountNumber: '4100000005', reference: newId(), amountPaise: 100, issuedOn: null, dueOn: null },
});
const report = (): ControlRoomEvent => ({
  ...{
    eventId: newId(),
    type: 'OutageReported',
    occurredAt: new Date(),
    aggregateId: newId(),
    version: 1,
    cause: 'storm',
  },
  ...{ nodeIds: ['F-1203'], startsAt: null, estimatedRestorationAt: null, restoredAt: null },
  ...{ exceptNodeIds: [], estimateSource: null, isConfirmed: true },
});
const outage = (): EventOf<typeof OUTAGE> => ({
  ...{
    eventId: newId(),
    type: 'OutageReported',
    occurredAt: new Date(),
    aggregateId: newId(),
    version: 1,
    cause: 'storm',
  },
  ...{ kind: 'unplanned', status: 'open', nodeIds: ['F-1203'], startsAt: new Date(), restoredAt: null },
  ...{ ownNodeIds: [], energisedNodeIds: [], energisedAt: null, estimateSource: null },
  estimatedRestorationAt: new Date(),
});
const many = <T>(make: () => T): T[] => Array.from({ length: EACH }, make);
const paid = (event: BillingSystemEvent): ForeignRecord => ({
  ...{ topic: kafka.prefix + BILLING, key: event.aggregateId, value: encodeEvent(BILLING, event) },
});
const reported = (event: ControlRoomEvent): ForeignRecord => ({
  ...{ topic: kafka.prefix + CONTROL_ROOM, key: event.aggregateId, value: encodeEvent(CONTROL_ROOM, event) },
});

function areApplied(events: readonly { eventId: string }[]) {
  const ids = new Set(events.map(({ eventId }) => eventId));
  const applied = () =>
    outcomes.filter(({ outcome, eventId }) => outcome === 'applied' && ids.has(eventId ?? '')).length;
  return until(() => applied() === events.length, { describe: () => `${events.length} applied, got ${applied()}` });
}

describeWithForeignProducer('a producer that is not ours', () => {
  test.each(CODECS)('is heard on both topics from outside when it packs by %s', async (codec) => {
    const payments = many(payment);
    const reports = many(report);

    await produceForeign(broker, codec, [...payments.map(paid), ...reports.map(reported)]);

    await areApplied([...payments, ...reports]);
    for (const topic of [BILLING, CONTROL_ROOM])
      expect(fetched.get(kafka.prefix + topic)).toContain(CODECS.indexOf(codec));
  });
});

describe('a cluster that packs what we say', () => {
  test.each(CODECS.slice(1))('by %s is heard', async (codec) => {
    const config = { ...topics[OUTAGE].config, 'compression.type': codec };
    await createTopics(kafka, [{ topic: OUTAGE, partitions: 2, config }]);
    const outages = many(outage);

    await db.transaction((tx) => appendEvents(tx, OUTAGE, outages));

    await areApplied(outages);
    expect(fetched.get(kafka.prefix + OUTAGE)).toContain(CODECS.indexOf(codec));
  });
});

test('every topic of ours says how it is packed', () => {
  expect(Object.values(topics).map(({ config }) => config['compression.type'])).toEqual(
    Object.keys(topics).map(() => 'producer'),
  );
});
