import { decodeEvent, type EventOf, type TopicName, topics } from '@bijli/events';
import { createTopics, type KafkaConnection, openKafka, type RawRecord, subscribe } from '@bijli/kafka';
import { appendEvents, appendTombstones, type Outcome, outboxRelay } from '@bijli/outbox';
import { closeDatabase, openDatabase, withTransaction } from '@bijli/postgres';
import type { Component } from '@bijli/loop';
import { openLog } from '@bijli/service';
import { breakOff, randomName, testKafkaBrokers, until } from '@bijli/testing';
import { buildService } from '../src/build-service.ts';
import { type Ask, askAt } from './ask.ts';
import { complaintDatabase, outboxDatabase } from './complaint-database.ts';

type ComplaintRecord = {
  readonly key: string | null;
  readonly headers: Record<string, string>;
  readonly event: EventOf<'complaint.complaint.v1'>;
};
const USED = [
  'consumer-registry.connection.v1',
  'consumer-registry.network.v1',
  'outage.outage.v1',
  'complaint.complaint.v1',
] as const;
const silent = openLog('test', 'silent');

/** Topics of this test file's own. */
export async function makeTopics(): Promise<KafkaConnection> {
  const prefix = `${randomName('c')}.`;
  const kafka = openKafka({ clientId: 'test', brokers: testKafkaBrokers(), log: silent, prefix });
  await createTopics(
    kafka,
    USED.map((topic) => ({ topic, partitions: 3, config: topics[topic].config })),
  );
  return kafka;
}

/** The service as its main.ts builds it, on real servers; its clock can be put forward. */
export async function startComplaint(kafka: KafkaConnection) {
  const lines: string[] = [];
  const outcomes: Outcome[] = [];
  const log = openLog('complaint', 'info', { write: (line) => void lines.push(line) });
  const database = await complaintDatabase();
  const db = openDatabase({ url: database.url, applicationName: 'complaint', onIdleError: () => {} });
  let aheadMs = 0;
  const { components, http } = buildService({
    config: { host: '127.0.0.1', port: 0, answerHours: 72, closeSweepSeconds: 1 },
    db,
    kafka,
    log,
    clock: () => new Date(Date.now() + aheadMs),
    onOutcome: (outcome) => void outcomes.push(outcome),
  });
  for (const component of components) await component.start();
  const ask: Ask = (...asked) => askAt(http.port(), ...asked);
  return {
    ask,
    database: database.url,
    lines,
    outcomes,
    putForward: (hours: number) => {
      aheadMs = hours * 3_600_000;
    },
    metrics: async () => (await fetch(`http://127.0.0.1:${http.port()}/metrics`)).text(),
    stop: async () => {
      await stopAll(components);
      await database.close();
    },
  };
}

/** The service's HTTP alone: on the database given, or on one that is not there. */
export async function startHttpAlone(url = 'postgres://nobody@127.0.0.1:1/none') {
  const log = openLog('complaint', 'silent');
  const db = openDatabase({ url, applicationName: 'complaint', onIdleError: () => {} });
  const kafka = openKafka({ clientId: 'complaint', brokers: ['127.0.0.1:1'], log });
  const config = { host: '127.0.0.1', port: 0, answerHours: 72, closeSweepSeconds: 3_600 };
  const { http } = buildService({ config, db, kafka, log });
  await http.start();
  const ask: Ask = (...asked) => askAt(http.port(), ...asked);
  return {
    ask,
    stop: async () => {
      await http.stop();
      await closeDatabase(db);
    },
  };
}

async function stopAll(components: readonly Component[]): Promise<void> {
  for (const component of components.toReversed()) await component.stop();
}

/** Says events as other services do: through an outbox and its relay. */
export async function startNeighbours(kafka: KafkaConnection) {
  const database = await outboxDatabase();
  const db = openDatabase({ url: database.url, applicationName: 'neighbours', onIdleError: () => {} });
  const relay = outboxRelay({ db, kafka, log: silent, pollMs: 50 });
  await relay.start();
  return {
    say: <T extends TopicName>(topic: T, ...events: EventOf<T>[]) =>
      withTransaction(db, (tx) => appendEvents(tx, topic, events)),
    /** Says an event whose bytes break off. */
    sayBroken: <T extends TopicName>(topic: T, event: EventOf<T>) =>
      withTransaction(db, async (tx) => {
        await appendEvents(tx, topic, [event]);
        await breakOff(tx, event.eventId);
      }),
    erase: (topic: TopicName, key: string) => withTransaction(db, (tx) => appendTombstones(tx, topic, [key])),
    stop: async () => {
      await relay.stop();
      await closeDatabase(db);
      await database.close();
    },
  };
}

/** Reads what the service says. */
export async function startReader(kafka: KafkaConnection) {
  const records: ComplaintRecord[] = [];
  const onBatch = async (batch: readonly RawRecord[]) => {
    for (const { key, headers, value } of batch)
      if (value !== null) records.push({ key, headers, event: decodeEvent('complaint.complaint.v1', value) });
  };
  const onFatal = (error: Error) => {
    throw error;
  };
  const group = randomName('reader');
  const subscription = await subscribe(kafka, {
    group,
    topics: ['complaint.complaint.v1'],
    onBatch,
    onUnreadable: ({ reason }) => Promise.reject(new Error(reason)),
    log: silent,
    onFatal,
  });
  return {
    /** Waits until so many events of a complaint have been said. */
    heard: (complaintId: unknown, count: number) =>
      until(
        () => {
          const found = records.filter(({ key }) => key === complaintId);
          return found.length >= count ? found : undefined;
        },
        { describe: () => `${count} events of the complaint among ${records.length}` },
      ),
    stop: () => subscription.stop(),
  };
}
