import { openKafka } from '@bijli/kafka';
import { openProducer } from '@bijli/kafka/produce';
import { foreignWriter } from '@bijli/e2e/independent/foreign-records';

const TOPIC = 'billing-system.account.v1';
const [SCHEMAS, KAFKA] = [8, 11];
const BATCH = 1_000;
const DAY_MS = 24 * 3_600_000;
const PAID_BY_DAYS = 15;

/** What the billing system says of an account. */
export type Posting = {
  readonly accountNumber: string;
  readonly reference: string;
  readonly amountPaise: number;
};

/** A billing system that is none of our services: it says bills and payments to Kafka. */
export type BillingSystem = {
  sayBills(bills: readonly Posting[]): Promise<void>;
  sayPayments(payments: readonly Posting[]): Promise<void>;
  close(): Promise<void>;
};

/** Connects to Kafka and to the schemas of the system at a base port. */
export async function openBillingSystem(basePort: number): Promise<BillingSystem> {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const brokers = [`127.0.0.1:${basePort + KAFKA}`];
  const producer = await openProducer(openKafka({ clientId: 'billing-system', brokers, log: silent }));
  const writer = await foreignWriter(`http://127.0.0.1:${basePort + SCHEMAS}`, TOPIC);
  async function say(type: string, dates: object, postings: readonly Posting[]): Promise<void> {
    for (let from = 0; from < postings.length; from += BATCH) {
      const records = postings.slice(from, from + BATCH).map((posting) => {
        const key = `BS-${posting.accountNumber}`;
        const event = { eventId: crypto.randomUUID(), type, occurredAt: Date.now(), aggregateId: key, version: 1 };
        return { topic: TOPIC, key, value: writer.write({ ...event, ...dates, ...posting }), headers: {} };
      });
      await producer.send(records);
    }
  }
  return {
    sayBills: (bills) => say('BillGenerated', { issuedOn: civilDate(0), dueOn: civilDate(PAID_BY_DAYS) }, bills),
    sayPayments: (payments) => say('PaymentReceived', { issuedOn: null, dueOn: null }, payments),
    close: () => producer.close(),
  };
}

function civilDate(daysAhead: number): string {
  return new Date(Date.now() + daysAhead * DAY_MS).toISOString().slice(0, 10);
}
