import { openKafka } from '@bijli/kafka';
import type { Outcome } from '@bijli/outbox';
import { closeDatabase, type Database, openDatabase } from '@bijli/postgres';
import type { Component } from '@bijli/loop';
import { openLog } from '@bijli/service';
import { testKafkaBrokers } from '@bijli/testing';
import { buildService } from '../src/build-service.ts';
import { billingDatabase, poolOf } from './billing-database.ts';

export type Answered = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
};
/** How a service under test differs from a usual one. */
export type Circumstances = {
  /** Brokers that are not there leave the subscriptions unstarted: what is tested then is the rest. */
  readonly isKafkaAway?: boolean;
  /** Where the service finds Kafka, and what stands before the names of its topics and groups, when it must not share them. */
  readonly kafka?: { readonly brokers: readonly string[]; readonly prefix: string };
  /** Where the service finds its database, when that is not where the test does. */
  readonly databaseUrl?: (url: string) => Promise<string>;
};

/** The service as its main.ts builds it, on real servers. */
export type RunningBilling = Awaited<ReturnType<typeof startBilling>>;

export async function startBilling({
  isKafkaAway = false,
  kafka: { brokers, prefix } = { brokers: isKafkaAway ? ['127.0.0.1:1'] : testKafkaBrokers(), prefix: '' },
  databaseUrl = async (url) => url,
}: Circumstances = {}) {
  const lines: string[] = [];
  const outcomes: Outcome[] = [];
  const log = openLog('billing', 'info', { write: (line) => void lines.push(line) });
  const database = await billingDatabase();
  const db = openDatabase({
    url: await databaseUrl(database.url),
    applicationName: 'billing',
    onIdleError: () => {},
  });
  const kafka = openKafka({ clientId: 'billing', brokers, log, prefix });
  const onOutcome = (outcome: Outcome) => void outcomes.push(outcome);
  const { components, http } = buildService({ config: { host: '127.0.0.1', port: 0 }, db, kafka, log, onOutcome });
  const started = components.filter(({ name }) => !(isKafkaAway && name === 'subscriptions'));
  for (const component of started) await component.start();
  const own: Database = poolOf(database.url);
  return {
    /** The test's own way to the service's database. */
    db: own,
    lines,
    outcomes,
    ask: (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      askAt(`http://127.0.0.1:${http.port()}${path}`, method, body, headers),
    stop: async () => {
      await stopAll(started);
      await closeDatabase(own);
      await database.close();
    },
  };
}

async function askAt(url: string, method: string, body: unknown, headers: Record<string, string>): Promise<Answered> {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    text,
  };
}

async function stopAll(components: readonly Component[]): Promise<void> {
  for (const component of components.toReversed()) await component.stop();
}

/** What a problem complains of: field and rule of each error. */
export function rulesOf({ body }: Answered): string[] {
  const errors = (body['errors'] ?? []) as { field: string; rule: string }[];
  return errors.map(({ field, rule }) => `${field} ${rule}`);
}
