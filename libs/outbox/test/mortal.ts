// A service that dies: started by the tests as a process of its own and killed at a failpoint, or by one of its own records.
import { openKafka } from '@bijli/kafka';
import type { Transaction } from '@bijli/postgres';
import { openDatabase } from '@bijli/postgres';
import type { Heard } from '../src/index.ts';
import { outboxRelay, runSubscriptions } from '../src/index.ts';
import type { Outage } from './outages.ts';
import { hearOutages, IMPATIENT, recordEffects } from './outages.ts';

/** What a mortal is told: whom to be, and what kills it. */
export type Fate = {
  readonly role: 'hearer' | 'relay';
  readonly url: string;
  readonly brokers: readonly string[];
  readonly prefix: string;
  readonly failpoint?: string;
  readonly deadlyEvent?: string;
};

const fate = JSON.parse(process.argv[2] ?? '{}') as Fate;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** As the kernel would: nothing is closed, nothing is said. */
async function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return await new Promise<never>(() => undefined);
}
async function failpoint(name: string): Promise<void> {
  if (name === fate.failpoint) await die();
}
async function apply(tx: Transaction, events: readonly Heard<Outage>[]): Promise<void> {
  await recordEffects(tx, events);
  if (events.some(({ event }) => event.eventId === fate.deadlyEvent)) await die();
}

const db = openDatabase({ url: fate.url, applicationName: 'mortal', onIdleError: () => undefined });
const kafka = openKafka({ clientId: 'mortal', brokers: fate.brokers, prefix: fate.prefix, log: silent });
const shared = { db, kafka, log: silent, failpoint };
const subscriptions = [hearOutages('latest-wins', apply)];
const part =
  fate.role === 'relay'
    ? outboxRelay(shared)
    : runSubscriptions({ ...shared, service: 'hearer', subscriptions, settings: IMPATIENT });
await part.start();
