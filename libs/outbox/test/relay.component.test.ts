import { decodeEvent } from '@bijli/events';
import type { RawRecord } from '@bijli/kafka';
import { openKafka, subscribe } from '@bijli/kafka';
import { query } from '@bijli/postgres';
import { openBrokerGate, testKafkaBrokers, until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WatchedComponent } from '@bijli/loop';

import { appendEvents } from '../src/index.ts';
import { effectsOf, hearOutages, OUTAGE, outage, say } from './outages.ts';
import { readingsOf } from './readings.ts';
import type { Testbed } from './testbed.ts';
import { openTestbed } from './testbed.ts';

let bed: Testbed;
const closers: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  bed = await openTestbed();
});
afterEach(async () => {
  await bed.close();
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Everything that is on the topic of outages, as it comes. */
async function listen(): Promise<RawRecord[]> {
  const heard: RawRecord[] = [];
  const onBatch = async (records: readonly RawRecord[]): Promise<void> => void heard.push(...records);
  const onFatal = (error: Error): never => {
    throw error;
  };
  const onUnreadable = ({ reason }: { reason: string }) => Promise.reject(new Error(reason));
  const heardAs = { group: 'listener', topics: [OUTAGE], onBatch, onUnreadable, onFatal };
  const raw = await subscribe(bed.kafka, { ...heardAs, log: bed.log });
  closers.push(() => raw.stop());
  return heard;
}
const published = async (count: number): Promise<unknown> =>
  until(async () => (await query(bed.db, 'select from outbox_event where published_at is not null')).length === count, {
    describe: `${count} published events`,
  });
const leads = async (part: WatchedComponent): Promise<boolean> => (await readingsOf(part))['bijli_outbox_leader'] === 1;

describe('the relay', () => {
  test('publishes what was committed, with its key and the headers of CloudEvents', async () => {
    const event = outage(newId(), 1);
    await say(bed.db, event);
    await bed.relay();

    const heard = await listen();
    await until(() => heard.length > 0, { describe: 'the record' });

    const [record] = heard;
    expect(record?.key).toBe(event.aggregateId);
    expect(decodeEvent(OUTAGE, record?.value ?? Buffer.alloc(0))).toEqual(event);
    expect(record?.headers).toEqual({
      ce_specversion: '1.0',
      ce_id: event.eventId,
      ce_type: 'OutageReported',
      ce_source: '/outage',
      ce_time: '2026-01-30T08:35:00.000Z',
      ce_subject: event.aggregateId,
      'content-type': 'application/avro',
    });
  });

  test('publishes nothing of a transaction that was rolled back', async () => {
    await bed.relay();
    const [kept, dropped] = [outage(newId(), 1), outage(newId(), 1)];

    const rolledBack = bed.db.transaction(async (tx) => {
      await appendEvents(tx, OUTAGE, [dropped]);
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    await say(bed.db, kept);
    const heard = await listen();
    await until(() => heard.length > 0, { describe: 'the record' });

    expect(heard.map(({ key }) => key)).toEqual([kept.aggregateId]);
  });

  test('publishes a row whose transaction committed after that of a later row', async () => {
    await bed.relay();
    const [slow, fast] = [outage(newId(), 1), outage(newId(), 1)];
    const slowly = await bed.db.transaction();
    await appendEvents(slowly, OUTAGE, [slow]); // takes the lower id

    await say(bed.db, fast);
    await published(1);
    await slowly.commit();

    await published(2);
  });

  test('keeps the order of each aggregate over many batches', async () => {
    const keys = Array.from({ length: 50 }, () => newId());
    const versions = Array.from({ length: 60 }, (_, index) => index + 1);
    await bed.db.transaction((tx) =>
      appendEvents(
        tx,
        OUTAGE,
        versions.flatMap((version) => keys.map((key) => outage(key, version))),
      ),
    );
    await bed.relay();

    await bed.run([hearOutages()]);
    await bed.seen('applied', keys.length * versions.length);

    expect(await effectsOf(bed.db, keys[17] ?? '')).toEqual(versions);
    expect(bed.outcomes.filter(({ outcome }) => outcome !== 'applied')).toEqual([]);
  });

  test('has one leader of two, and the other takes over when its connection is lost', async () => {
    const [first, second] = [await bed.relay(), await bed.relay()];
    await until(async () => (await leads(first)) || (await leads(second)), { describe: 'a leader' });
    const [leader, follower] = (await leads(first)) ? [first, second] : [second, first];
    expect(await leads(follower)).toBe(false);

    await leader.stop();
    await until(() => leads(follower), { describe: 'the follower to lead' });
    await say(bed.db, outage(newId(), 1));

    await published(1);
  });

  test('goes on when the server ends its connection', async () => {
    const relay = await bed.relay();
    await until(() => leads(relay), { describe: 'the leader' });

    await query(
      bed.db,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'outbox relay' and datname = current_database()",
    );
    await say(bed.db, outage(newId(), 1));

    await published(1);
  });

  test('works without notifications', async () => {
    const relay = await bed.relay(bed.kafka, { listen: false });
    await until(() => leads(relay), { describe: 'the leader' });

    await say(bed.db, outage(newId(), 1));

    await published(1);
  });

  test('keeps what is written while Kafka is away, tells how much and how old, and sends it in order when it is back', async () => {
    const gate = await openBrokerGate(testKafkaBrokers()[0] ?? '');
    closers.push(() => gate.shut());
    const gated = openKafka({ clientId: 'gated', brokers: gate.brokers, prefix: bed.kafka.prefix, log: bed.log });
    const relay = await bed.relay(gated);
    const key = newId();
    await say(bed.db, outage(key, 1));
    await published(1);

    await gate.shut();
    for (const version of [2, 3, 4]) await say(bed.db, outage(key, version));
    await until(async () => ((await readingsOf(relay))['bijli_outbox_failures_total'] ?? 0) > 0, {
      describe: 'a failure',
    });
    const away = await readingsOf(relay);
    await gate.open();

    await published(4);
    await bed.run([hearOutages()]);
    await bed.seen('applied', 4);
    expect(away).toMatchObject({ bijli_outbox_backlog_events: 3, bijli_outbox_leader: 1 });
    expect(away['bijli_outbox_oldest_age_seconds']).toBeGreaterThan(0);
    expect(relay.ready()).toEqual({ ok: true });
    expect(await effectsOf(bed.db, key)).toEqual([1, 2, 3, 4]);
    expect((await readingsOf(relay))['bijli_outbox_backlog_events']).toBe(0);
  });

  test('goes on with all other topics while the brokers do not know one of them, and says so', async () => {
    const relay = await bed.relay();
    await bed.db.transaction((tx) =>
      appendEvents(tx, 'complaint.complaint.v1', [
        {
          eventId: newId(),
          type: 'ComplaintLodged',
          occurredAt: new Date('2026-01-30T08:35:00Z'),
          aggregateId: newId(),
          version: 1,
          complaintNumber: 'CMP-2026-0000042',
          connectionId: newId(),
          accountNumber: '1000000001',
          kind: 'no-supply',
          status: 'lodged',
          cycle: 1,
          dueAt: null,
          outageId: null,
          cause: null,
          estimatedRestorationAt: null,
          proof: null,
        },
      ]),
    );
    const key = newId();
    for (const version of [1, 2, 3]) await say(bed.db, outage(key, version));

    await published(3);
    await bed.run([hearOutages()]);
    await bed.seen('applied', 3);
    expect(await effectsOf(bed.db, key)).toEqual([1, 2, 3]);
    expect((await readingsOf(relay))['bijli_outbox_backlog_events']).toBe(1);
    expect(bed.log.lines.find(({ level }) => level === 'error')?.fields).toEqual({ topic: 'complaint.complaint.v1' });
  });

  test('publishes what is left when it stops', async () => {
    const relay = await bed.relay(bed.kafka, { listen: false, pollMs: 3_600_000 });
    await until(() => leads(relay), { describe: 'the leader' });
    await say(bed.db, outage(newId(), 1), outage(newId(), 1));

    await relay.stop();

    await published(2);
  });
});
