import { decodeEvent, type EventOf, isTopicName, topics } from '@bijli/events';
import { createTopics, type KafkaConnection, openKafka, type RawRecord, subscribe } from '@bijli/kafka';
import { openDatabase } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { randomName, testKafkaBrokers, until } from '@bijli/testing';
import { buildService } from '../src/build-service.ts';
import { keys } from './files.ts';
import { registryDatabase } from './registry-database.ts';

type ConnectionEvent = EventOf<'consumer-registry.connection.v1'>;

/** What answers carry, as far as the tests look at it. */
type Body = {
  readonly importId: string;
  readonly accountNumber: string;
  readonly version: number;
  readonly code: string;
  readonly parentCode: string;
  readonly nextCursor: string;
  readonly paths: object;
  readonly changes: readonly object[];
  readonly connections: readonly object[];
  readonly nodes: readonly { readonly code: string }[];
  readonly errors?: readonly { readonly field: string; readonly rule: string }[];
};

export type Answer = { readonly status: number; readonly headers: Headers; readonly text: string; readonly body: Body };

const CONNECTIONS = 'consumer-registry.connection.v1';
const owned = Object.entries(topics).filter(([, { owner }]) => owner === 'consumer-registry');
const silent = openLog('test', 'silent');

/** The registry as its main.ts builds it, on real servers with topics of its own, and a reader of what it says. */
export type RunningRegistry = Awaited<ReturnType<typeof startRegistry>>;

export async function startRegistry() {
  const lines: string[] = [];
  const log = openLog('consumer-registry', 'debug', { write: (line) => void lines.push(line) });
  const prefix = `${randomName('registry')}.`;
  const open = (clientId: string) => openKafka({ clientId, brokers: testKafkaBrokers(), log: silent, prefix });
  await createTopics(
    open('topics'),
    owned.map(([topic, { partitions, config }]) => ({ topic, partitions, config })),
  );
  const database = await registryDatabase();
  const db = openDatabase({ url: database.url, applicationName: 'registry', onIdleError: () => undefined });
  const { components, http } = buildService({
    config: { host: '127.0.0.1', port: 0, ...keys },
    db,
    kafka: open('registry'),
    log,
  });
  for (const component of components) await component.start();
  const reader = await startReader(open('reader'));
  return {
    db: database.db,
    lines,
    ...reader,
    ask: (method: string, path: string, given?: Given) => ask(`http://127.0.0.1:${http.port()}${path}`, method, given),
    port: () => http.port(),
    stop: async () => {
      await reader.stop();
      for (const component of components.toReversed()) await component.stop();
      await database.close();
    },
  };
}

type Given = { readonly json?: unknown; readonly csv?: string | Buffer; readonly headers?: Record<string, string> };

async function ask(url: string, method: string, { json, csv, headers = {} }: Given = {}): Promise<Answer> {
  const body = csv === undefined ? (json === undefined ? null : JSON.stringify(json)) : csv;
  const type = csv === undefined ? 'application/json' : 'text/csv';
  const init = { method, headers: { ...(body === null ? {} : { 'content-type': type }), ...headers }, body };
  const response = await fetch(url, init as RequestInit);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const parsed = (isJson ? JSON.parse(text) : {}) as Body;
  return { status: response.status, headers: response.headers, text, body: parsed };
}

async function startReader(kafka: KafkaConnection) {
  const records: RawRecord[] = [];
  const subscription = await subscribe(kafka, {
    group: randomName('reader'),
    topics: owned.map(([topic]) => topic),
    onBatch: async (batch) => void records.push(...batch),
    onUnreadable: ({ reason }) => Promise.reject(new Error(reason)),
    log: silent,
    onFatal: (error) => {
      throw error;
    },
  });
  const eventsOf = (account: string): ConnectionEvent[] =>
    records
      .filter(({ topic, value }) => isTopicName(topic) && topic === CONNECTIONS && value !== null)
      .map(({ value }) => decodeEvent(CONNECTIONS, value as Buffer))
      .filter(({ accountNumber }) => accountNumber === account);
  const heard = (account: string, count: number): Promise<ConnectionEvent[]> =>
    until(() => (eventsOf(account).length >= count ? eventsOf(account) : undefined), {
      describe: () => `${count} events of a connection among ${records.length} records`,
    });
  return { records, heard, stop: () => subscription.stop() };
}
