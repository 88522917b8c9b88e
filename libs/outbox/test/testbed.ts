import { join } from 'node:path';
import { topics } from '@bijli/events';
import type { KafkaConnection, Log } from '@bijli/kafka';
import { createTopics, openKafka } from '@bijli/kafka';
import type { ProducedRecord } from '@bijli/kafka/produce';
import { openProducer } from '@bijli/kafka/produce';
import type { Database } from '@bijli/postgres';
import { closeDatabase, migrate, openDatabase, query } from '@bijli/postgres';
import { freshDatabase, randomName, testKafkaBrokers, until } from '@bijli/testing';
import type { WatchedComponent } from '@bijli/loop';
import type { InboxSettings, Outcome, Subscription } from '../src/index.ts';
import { outboxRelay, runSubscriptions } from '../src/index.ts';
import { IMPATIENT, OUTAGE } from './outages.ts';

export const NETWORK = 'consumer-registry.network.v1';
export const CONTROL_ROOM = 'control-room.outage.v1';

/** A log that keeps what it is told. */
export function memoryLog(): Log & { lines: { level: string; fields: object; message: string }[] } {
  const lines: { level: string; fields: object; message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A database and topics of this test's own, and components that stop with it. */
export type Testbed = {
  readonly db: Database;
  readonly url: string;
  readonly kafka: KafkaConnection;
  readonly log: ReturnType<typeof memoryLog>;
  readonly outcomes: Outcome[];
  /** Starts subscriptions as one replica of a service. */
  run(
    subscriptions: readonly Subscription[],
    more?: { service?: string; settings?: Partial<InboxSettings>; kafka?: KafkaConnection },
  ): Promise<WatchedComponent>;
  relay(kafka?: KafkaConnection, more?: { pollMs?: number; listen?: boolean }): Promise<WatchedComponent>;
  /** Writes records to a topic, as somebody outside. */
  produce(records: readonly ProducedRecord[]): Promise<void>;
  /** Waits for this many outcomes of a kind and gives them. */
  seen(outcome: Outcome['outcome'], count: number): Promise<Outcome[]>;
  close(): Promise<void>;
};

const migrations = { name: 'outbox', folder: join(import.meta.dirname, '../migrations') };

async function prepare(url: string): Promise<void> {
  await migrate({ url, sources: [migrations] });
  const db = openDatabase({ url, applicationName: 'prepare', onIdleError: () => undefined });
  await query(
    db,
    'create table effect (position bigint generated always as identity, event_id uuid primary key, key text, version integer)',
  );
  await query(
    db,
    'create table state (key text primary key, version integer not null, writes integer not null default 1)',
  );
  await closeDatabase(db);
}

export async function openTestbed(): Promise<Testbed> {
  const fresh = await freshDatabase({ name: 'outbox', prepare });
  const log = memoryLog();
  const db = openDatabase({ url: fresh.url, applicationName: 'outbox test', onIdleError: () => undefined });
  const kafka = openKafka({ clientId: 'test', brokers: testKafkaBrokers(), log, prefix: `${randomName('t')}.` });
  await createTopics(
    kafka,
    ([OUTAGE, NETWORK, CONTROL_ROOM] as const).map((topic) => ({ topic, partitions: 4, config: topics[topic].config })),
  );
  const components: WatchedComponent[] = [];
  const outcomes: Outcome[] = [];
  const started = async (component: WatchedComponent): Promise<WatchedComponent> => {
    components.push(component);
    await component.start();
    return component;
  };
  return {
    db,
    url: fresh.url,
    kafka,
    log,
    outcomes,
    run: (subscriptions, { service = 'hearer', settings = {}, kafka: connection = kafka } = {}) =>
      started(
        runSubscriptions({
          service,
          db,
          kafka: connection,
          subscriptions,
          log,
          onOutcome: (outcome) => outcomes.push(outcome),
          settings: { ...IMPATIENT, ...settings },
        }),
      ),
    relay: (connection = kafka, more = {}) => started(outboxRelay({ db, kafka: connection, log, pollMs: 50, ...more })),
    produce: async (records) => {
      const producer = await openProducer(kafka);
      await producer.send(records);
      await producer.close();
    },
    seen: async (outcome, count) => {
      const found = (): Outcome[] => outcomes.filter((each) => each.outcome === outcome);
      const describe = (): string =>
        `${count} ${outcome}, got ${JSON.stringify(Object.entries(Object.groupBy(outcomes, (each) => each.outcome)).map(([name, all]) => [name, all?.length]))}`;
      await until(() => found().length >= count, { describe });
      return found();
    },
    close: async () => {
      await Promise.all(components.map((component) => component.stop()));
      await closeDatabase(db);
      await fresh.close();
    },
  };
}
