import { openKafka } from '@bijli/kafka';
import { query } from '@bijli/postgres';
import { openBrokerGate, testKafkaBrokers, until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WatchedComponent } from '@bijli/loop';

import { listDeadLetters, runSubscriptions } from '../src/index.ts';
import { hearOutages, IMPATIENT, outage, recordOf } from './outages.ts';
import type { Testbed } from './testbed.ts';
import { openTestbed } from './testbed.ts';

let bed: Testbed;
const closers: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  bed = await openTestbed();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await bed.close();
});

const records = (count: number) => Array.from({ length: count }, () => recordOf(outage(newId(), 1)));

describe('a hearer', () => {
  test('goes on by itself when Kafka was away and is back, and stays alive meanwhile', async () => {
    const gate = await openBrokerGate(testKafkaBrokers()[0] ?? '');
    closers.push(() => gate.shut());
    const { db, log } = bed;
    const kafka = openKafka({ clientId: 'gated', brokers: gate.brokers, prefix: bed.kafka.prefix, log });
    const fatal: Error[] = [];
    const part: WatchedComponent = runSubscriptions({
      ...{ service: 'hearer', db, kafka, log, settings: IMPATIENT, subscriptions: [hearOutages()] },
      onOutcome: (outcome) => bed.outcomes.push(outcome),
      onFatal: (error) => fatal.push(error),
    });
    await part.start();
    closers.push(() => part.stop());
    await bed.produce(records(10));
    await bed.seen('applied', 10);

    await gate.shut();
    await bed.produce(records(10));
    await until(() => part.ready().detail, { describe: 'the subscription to notice' });
    const away = [part.ready().ok, part.alive().ok];
    await gate.open();
    await bed.seen('applied', 20);

    expect(away).toEqual([true, true]); // not its fault: it must not be restarted, and what needs no Kafka goes on
    expect(fatal).toEqual([]);
  });

  test('goes on when PostgreSQL has ended all its connections, again and again', async () => {
    await bed.run([hearOutages()]);
    await bed.relay();
    const cut = () =>
      query(
        bed.db,
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );

    for (const round of [1, 2, 3]) {
      await bed.produce(records(200));
      await cut();
      await bed.seen('applied', 200 * round);
    }

    expect(await query(bed.db, 'select count(*)::integer as effects from effect')).toEqual([{ effects: 600 }]);
    expect(await listDeadLetters(bed.db)).toEqual([]);
  });
});
