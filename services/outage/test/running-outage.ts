import { decodeEvent, type EventOf, type NetworkNodeEvent, topics } from '@bijli/events';
import { createTopics, openKafka, type RawRecord, type RawSubscription, subscribe } from '@bijli/kafka';
import type { Outcome } from '@bijli/outbox';
import { closeDatabase, openDatabase } from '@bijli/postgres';
import type { Component } from '@bijli/loop';
import { openLog } from '@bijli/service';
import { randomName, testKafkaBrokers, until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { buildService, type ServiceInput } from '../src/build-service.ts';
import { outageDatabase } from './outage-database.ts';

type OutageRecord = {
  readonly key: string | null;
  readonly headers: Record<string, string>;
  readonly event: EventOf<'outage.outage.v1'>;
};
export type Answered = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> };

/** As the service is set here unless a test says otherwise: what is said is told at once. */
const AT_ONCE: ServiceInput['config'] = {
  ...{
    host: '127.0.0.1',
    port: 0,
    undoSeconds: 0,
    holdDownMinutes: 0,
    estimateAlarmMinutes: 10,
    dueSweepSeconds: 0.05,
  },
};

/** The service as its main.ts builds it, on real servers, with a registry beside it that says nodes and a reader of what it says. */
export type RunningOutage = Awaited<ReturnType<typeof startOutage>>;

/** `prefix` stands before the names of its topics and groups, for tests that must not hear each other. */
export async function startOutage({
  brokers = testKafkaBrokers(),
  prefix = '',
  clock = () => new Date(),
  config = {},
}: {
  brokers?: string[];
  prefix?: string;
  clock?: () => Date;
  config?: Partial<ServiceInput['config']>;
} = {}) {
  const lines: string[] = [];
  const outcomes: Outcome[] = [];
  const log = openLog('outage', 'info', { write: (line) => void lines.push(line) });
  const database = await outageDatabase();
  const db = openDatabase({ url: database.url, applicationName: 'outage', onIdleError: () => {} });
  const kafka = openKafka({ clientId: 'outage', brokers, log, prefix });
  const onOutcome = (outcome: Outcome) => void outcomes.push(outcome);
  const { components, http } = buildService({ config: { ...AT_ONCE, ...config }, db, kafka, log, clock, onOutcome });
  for (const component of components) await component.start();
  const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    askAt(http.port(), method, path, body, headers);
  return {
    ask,
    database: database.url,
    lines,
    outcomes,
    stop: async () => {
      await stopAll(components);
      await database.close();
    },
  };
}

/** The service's HTTP alone, on a database that is not there. */
export async function startWithoutDatabase() {
  const log = openLog('outage', 'silent');
  const db = openDatabase({
    url: 'postgres://nobody@127.0.0.1:1/none',
    applicationName: 'outage',
    onIdleError: () => {},
  });
  const kafka = openKafka({ clientId: 'outage', brokers: ['127.0.0.1:1'], log });
  const { http } = buildService({ config: AT_ONCE, db, kafka, log });
  await http.start();
  return {
    ask: (method: string, path: string) => askAt(http.port(), method, path, undefined, {}),
    stop: async () => {
      await http.stop();
      await closeDatabase(db);
    },
  };
}

async function askAt(
  port: number,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answered> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

async function stopAll(components: readonly Component[]): Promise<void> {
  for (const component of components.toReversed()) await component.stop();
}

/** Creates the topics that the service uses. */
export async function makeTopics(prefix = ''): Promise<void> {
  const kafka = openKafka({ clientId: 'test', brokers: testKafkaBrokers(), log: openLog('test', 'silent'), prefix });
  await createTopics(
    kafka,
    (['consumer-registry.network.v1', 'outage.outage.v1', 'control-room.outage.v1'] as const).map((topic) => ({
      topic,
      partitions: topics[topic].partitions,
      config: topics[topic].config,
    })),
  );
}

/** A feeder as the registry says it. */
export function nodeEvent(code: string, given: Partial<NetworkNodeEvent> = {}): NetworkNodeEvent {
  const occurredAt = new Date('2026-01-01T00:00:00Z');
  return {
    eventId: newId(),
    type: 'NodeAdded',
    occurredAt,
    aggregateId: code,
    version: 1,
    kind: 'feeder',
    parentId: null,
    nameEn: code,
    nameHi: '',
    validFrom: occurredAt,
    ...given,
  };
}

/** Reads what the service says; `prefix` as of the service. */
export async function startReader(prefix = '') {
  const log = openLog('reader', 'silent');
  const records: OutageRecord[] = [];
  const onBatch = async (batch: readonly RawRecord[]) => {
    for (const { key, headers, value } of batch)
      if (value !== null) records.push({ key, headers, event: decodeEvent('outage.outage.v1', value) });
  };
  const onFatal = (error: Error) => {
    throw error;
  };
  const kafka = openKafka({ clientId: 'reader', brokers: testKafkaBrokers(), log, prefix });
  const subscription: RawSubscription = await subscribe(kafka, {
    group: randomName('reader'),
    topics: ['outage.outage.v1'],
    onBatch,
    onUnreadable: ({ reason }) => Promise.reject(new Error(reason)),
    log,
    onFatal,
  });
  return {
    /** Waits until so many events of an outage have been said. */
    heard: (outageId: unknown, count: number) =>
      until(
        () => {
          const found = records.filter(({ key }) => key === outageId);
          return found.length >= count ? found : undefined;
        },
        { describe: () => `${count} events of the outage among ${records.length}` },
      ),
    stop: () => subscription.stop(),
  };
}
