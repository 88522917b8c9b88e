import {
  type BillingSystemEvent,
  type ConnectionEvent,
  decodeEvent,
  type EventOf,
  type TopicName,
  topics,
} from '@bijli/events';
import { createTopics, openKafka, type RawRecord, subscribe } from '@bijli/kafka';
import { appendEvents, appendTombstones, outboxRelay } from '@bijli/outbox';
import { closeDatabase, withTransaction } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { randomName, sayOctets, testKafkaBrokers, until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { outboxDatabase, poolOf } from './billing-database.ts';

const log = openLog('neighbour', 'silent');
const kafkaOf = (clientId: string, prefix = '') => openKafka({ clientId, brokers: testKafkaBrokers(), log, prefix });
const ours = ['consumer-registry.connection.v1', 'billing-system.account.v1', 'billing.account.v1'] as const;

/** Creates the topics that the service uses. */
export async function makeTopics(prefix = ''): Promise<void> {
  await createTopics(
    kafkaOf('test', prefix),
    ours.map((topic) => ({ topic, partitions: topics[topic].partitions, config: topics[topic].config })),
  );
}

/** The registry and the billing system: whatever is said through an outbox and its relay. */
export async function startNeighbours(prefix = '') {
  const database = await outboxDatabase();
  const db = poolOf(database.url);
  const relay = outboxRelay({ db, kafka: kafkaOf('neighbours', prefix), log });
  await relay.start();
  const append = <T extends TopicName>(topic: T, events: readonly EventOf<T>[]) =>
    withTransaction(db, (tx) => appendEvents(tx, topic, events));
  return {
    connections: (...events: ConnectionEvent[]) => append('consumer-registry.connection.v1', events),
    erase: (...ids: string[]) =>
      withTransaction(db, (tx) => appendTombstones(tx, 'consumer-registry.connection.v1', ids)),
    /** Each inside the trace that is active. */
    events: (...events: BillingSystemEvent[]) => append('billing-system.account.v1', events),
    /** Bytes that nobody checked. */
    bytes: (key: string, value: Buffer) =>
      sayOctets(db, { topic: 'billing-system.account.v1', key, eventId: newId(), value }),
    stop: async () => {
      await relay.stop();
      await closeDatabase(db);
      await database.close();
    },
  };
}

/** A connection as the registry says it. */
export function connectionEvent(accountNumber: string, given: Partial<ConnectionEvent> = {}): ConnectionEvent {
  return {
    eventId: newId(),
    type: 'ConnectionRegistered',
    occurredAt: new Date(),
    aggregateId: newId(),
    version: 1,
    accountNumber,
    category: 'domestic',
    state: 'active',
    nodeId: '',
    contacts: [],
    formerAccountNumbers: [],
    ...given,
  };
}

const DAY_MS = 24 * 3_600_000;
/** A civil date so many days from now. */
export function dayIn(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

/** What the billing system says of an account. */
export function billingSystemOf(accountNumber: string) {
  const say = (type: BillingSystemEvent['type'], reference: string, more: object = {}): BillingSystemEvent => ({
    eventId: newId(),
    type,
    occurredAt: new Date(),
    aggregateId: `bs-${accountNumber}`,
    version: 1,
    accountNumber,
    reference,
    amountPaise: null,
    issuedOn: null,
    dueOn: null,
    ...more,
  });
  const dates = { issuedOn: dayIn(-1), dueOn: dayIn(14) };
  return {
    bill: (reference: string, amountPaise: number, more: object = {}) =>
      say('BillGenerated', reference, { amountPaise, ...dates, ...more }),
    payment: (reference: string, amountPaise: number) => say('PaymentReceived', reference, { amountPaise }),
    reversal: (reference: string) => say('PaymentReversed', reference),
    cancellation: (reference: string) => say('BillCancelled', reference),
  };
}

export type AccountRecord = {
  readonly key: string | null;
  readonly headers: Record<string, string>;
  readonly event: EventOf<'billing.account.v1'>;
};

/** Reads what the service says. */
export async function startReader() {
  const records: AccountRecord[] = [];
  const onBatch = async (batch: readonly RawRecord[]) => {
    for (const { key, headers, value } of batch)
      if (value !== null) records.push({ key, headers, event: decodeEvent('billing.account.v1', value) });
  };
  const onFatal = (error: Error) => {
    throw error;
  };
  const group = randomName('reader');
  const subscription = await subscribe(kafkaOf('reader'), {
    group,
    topics: ['billing.account.v1'],
    onBatch,
    onUnreadable: ({ reason }) => Promise.reject(new Error(reason)),
    log,
    onFatal,
  });
  return {
    records,
    /** Waits until so many events of a connection have been said. */
    heard: (connectionId: string, count: number) =>
      until(
        () => {
          const found = records.filter(({ key }) => key === connectionId);
          return found.length >= count ? found : undefined;
        },
        { describe: () => `${count} events of the account among ${records.length}` },
      ),
    stop: () => subscription.stop(),
  };
}
