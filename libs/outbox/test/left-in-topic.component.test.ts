import { type ControlRoomEvent, type EventOf, encodeEvent } from '@bijli/events';
import type { ProducedRecord } from '@bijli/kafka/produce';
import { openKafka } from '@bijli/kafka';
import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { type BrokerGate, openBrokerGate, sealBatch, testKafkaBrokers, until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WatchedComponent } from '@bijli/loop';
import type { Heard, Subscription } from '../src/index.ts';
import {
  discardDeadLetter,
  getDeadLetter,
  inbox,
  listDeadLetters,
  projection,
  replayDeadLetter,
} from '../src/index.ts';
import { effectsOf, hearOutages, OUTAGE, outage, recordOf } from './outages.ts';
import { readingsOf } from './readings.ts';
import { CONTROL_ROOM, NETWORK, openTestbed, type Testbed } from './testbed.ts';

let bed: Testbed;
let gate: BrokerGate;
beforeEach(async () => {
  bed = await openTestbed();
  gate = await openBrokerGate(testKafkaBrokers()[0] ?? '');
});
afterEach(async () => {
  await bed.close();
  await gate.shut();
});

/** Runs subscriptions through the gate. */
const hear = (...subscriptions: Subscription[]): Promise<WatchedComponent> =>
  bed.run(subscriptions, {
    kafka: openKafka({ clientId: 'gated', brokers: gate.brokers, prefix: bed.kafka.prefix, log: bed.log }),
  });

/** Makes a batch one of a codec that nobody knows wherever this text stands in it. */
function spoil(text: string): void {
  gate.change = ({ batches }) => {
    for (const batch of batches.filter((each) => each.includes(text))) {
      batch.writeInt16BE(6, 21);
      sealBatch(batch);
    }
  };
}
function mend(): void {
  gate.change = () => undefined;
}
const replay = async (id: string | undefined): Promise<boolean> =>
  bed.db.transaction((tx) => replayDeadLetter(tx, id ?? '', 'asha'));
async function onlyLetter() {
  const [letter] = await listDeadLetters(bed.db);
  return letter;
}
const isRead = () =>
  until(async () => (await query(bed.db, 'select from topic_reading')).length === 0, {
    describe: 'it to be read again',
  });

describe('a batch that cannot be read', () => {
  test('waits as one dead letter, is told of, and all others are handled; replayed, it is handled once', async () => {
    const outages = Array.from({ length: 40 }, () => outage(newId(), 1));
    const bad = outages[17]?.aggregateId ?? '';
    spoil(bad);
    const part = await hear(hearOutages());
    await bed.produce(outages.map(recordOf));

    await bed.seen('dead', 1);
    const letter = await onlyLetter();
    const lost = Number((letter?.lastOffset ?? 0n) - (letter?.offset ?? 0n)) + 1;
    await bed.seen('applied', 40 - lost);

    expect(letter).toMatchObject({
      topic: OUTAGE,
      offset: 0n,
      key: '',
      reason: 'unknown-codec',
      deaths: 1,
      isMasked: false,
    });
    expect(letter?.detail).toMatch(/^codec 6, \d+ octets$/);
    expect(await getDeadLetter(bed.db, letter?.id ?? '')).toMatchObject({ value: null, headers: {} });
    await until(() => part.ready().detail, { describe: 'the detail of readiness' });
    expect(part.ready()).toEqual({ ok: true, detail: '1 parked batch of outages' });
    expect(await readingsOf(part)).toMatchObject({
      'bijli_subscription_unreadable_batches_total outages inbox': 1,
      'bijli_subscription_parked_batches outages inbox': 1,
    });

    mend();
    expect(await replay(letter?.id)).toBe(true);
    await bed.seen('applied', 40);
    expect(await replay(letter?.id)).toBe(false);
    await until(() => part.ready().detail === undefined, { describe: 'nothing parked' });
    expect(await query(bed.db, 'select count(*)::integer as effects from effect')).toEqual([{ effects: 40 }]);
  });

  test('is handled once by two replays, and waits again while it still cannot be read', async () => {
    const said = outage(newId(), 1);
    spoil(said.aggregateId);
    await hear(hearOutages('every-event'));
    await bed.produce([recordOf(said)]);
    await bed.seen('dead', 1);
    const letter = await onlyLetter();

    await replay(letter?.id);
    await until(async () => (await onlyLetter())?.deaths === 2, { describe: 'the letter to wait again' });
    mend();
    await replay(letter?.id);
    await bed.seen('applied', 1);
    await query(bed.db, `update dead_letter set state = 'waiting'`);
    await replay(letter?.id);
    await bed.seen('repeated', 1);

    expect(await effectsOf(bed.db, said.aggregateId)).toEqual([1]);
  });

  test('is not met again after a restart, nor after it was discarded', async () => {
    const said = outage(newId(), 1);
    spoil(said.aggregateId);
    const part = await hear(hearOutages());
    await bed.produce([recordOf(said)]);
    await bed.seen('dead', 1);
    await part.stop();
    const letter = await onlyLetter();
    expect(await bed.db.transaction((tx) => discardDeadLetter(tx, letter?.id ?? '', 'asha'))).toBe(true);

    const again = await hear(hearOutages());
    await bed.produce([recordOf(outage(newId(), 1))]);
    await bed.seen('applied', 1);

    expect(await bed.seen('dead', 1)).toHaveLength(1);
    expect(again.ready()).toEqual({ ok: true });
    expect(await onlyLetter()).toBeUndefined();
  });

  test('held a version: its key waits for it, goes on with the newest, and is told the old one no more', async () => {
    const key = newId();
    const versions = [1, 2].map((version) => outage(key, version));
    const [first = outage(key, 1), second = outage(key, 2)] = versions;
    spoil(first.eventId);
    const recorded = (event: typeof first) => ({ ...recordOf(event), headers: { ce_id: event.eventId } });
    await hear(hearOutages('latest-wins'));
    await bed.produce([recorded(first)]);
    await bed.seen('dead', 1);
    await bed.produce([recorded(second)]);

    await bed.seen('parked', 1);
    await bed.seen('applied', 1);
    mend();
    await replay((await onlyLetter())?.id);
    await bed.seen('superseded', 1);

    expect(await effectsOf(bed.db, key)).toEqual([2]);
  });

  test('whose records the topic has forgotten waits with that reason', async () => {
    const said = outage(newId(), 1);
    spoil(said.aggregateId);
    await hear(hearOutages());
    await bed.produce([recordOf(said)]);
    await bed.seen('dead', 1);
    const letter = await onlyLetter();
    await forget(letter?.partition ?? 0, '1');

    await replay(letter?.id);
    await until(async () => (await onlyLetter())?.reason === 'gone', { describe: 'the letter to wait again' });

    expect(await onlyLetter()).toMatchObject({ id: letter?.id, detail: 'the topic does not have it any more' });
  });

  test('of which the topic has forgotten a part waits with that part, and the rest is handled', async () => {
    const key = newId();
    const said = [1, 2].map((version) => recordOf(outage(key, version)));
    spoil(key);
    await hear(hearOutages('every-event'));
    await bed.produce(said);
    await bed.seen('dead', 1);
    const letter = await onlyLetter();
    await forget(letter?.partition ?? 0, '1');

    mend();
    await replay(letter?.id);
    await bed.seen('applied', 1);
    await isRead();

    expect(await effectsOf(bed.db, key)).toEqual([2]);
    expect(await onlyLetter()).toMatchObject({ id: letter?.id, offset: 0n, lastOffset: 0n, reason: 'gone' });
  });

  test('of a projection brings back nothing that is erased while it is applied', async () => {
    const key = 'raced';
    spoil(key);
    let isErasedAt = 1;
    const applied = async (tx: Transaction, events: readonly Heard<EventOf<typeof NETWORK>>[]) => {
      // The tombstone comes and is applied before this transaction ends.
      if (isErasedAt-- === 1) {
        await bed.produce([{ topic: NETWORK, key, value: null, headers: {} }]);
        await bed.seen('erased', 1);
      }
      await upsert(tx, events);
    };
    await hear(nodes(applied));
    await bed.produce([node(key, 1)]);
    await bed.seen('dead', 1);

    mend();
    await replay((await onlyLetter())?.id);
    await isRead();

    expect(await query(bed.db, 'select key from state')).toEqual([]);
    expect(bed.outcomes.filter(({ outcome }) => outcome === 'erased')).toHaveLength(2);
  });

  test('of a projection brings back, when it is read, nothing of which more was said since', async () => {
    const [kept = '', changed = '', erased = ''] = ['kept', 'changed', 'erased'];
    spoil('NodeSpoilt');
    await hear(nodes());
    const spoilt = (key: string): ProducedRecord => ({ ...node(key, 1), headers: { ce_type: 'NodeSpoilt' } });
    await bed.produce([kept, changed, erased].map(spoilt));
    await until(async () => (await parkedRecords()) === 3, { describe: 'all three to be parked' });
    await bed.produce([node(changed, 2), { topic: NETWORK, key: erased, value: null, headers: {} }]);
    await bed.seen('applied', 1);
    await bed.seen('erased', 1);

    mend();
    for (const { id } of await listDeadLetters(bed.db)) await replay(id);
    await isRead();

    expect(await query(bed.db, 'select key, version from state order by key')).toEqual([
      { key: changed, version: 2 },
      { key: kept, version: 1 },
    ]);
  });
});

/** Lets the topic of outages forget what one of its partitions has before this offset. */
async function forget(partition: number, offset: string): Promise<void> {
  const admin = bed.kafka.client.admin();
  await admin.connect();
  await admin.fetchTopicOffsets(bed.kafka.prefix + OUTAGE); // it deletes nothing of a topic that it has not seen
  await admin.deleteTopicRecords({ topic: bed.kafka.prefix + OUTAGE, partitions: [{ partition, offset }] });
  await admin.disconnect();
}

const parkedRecords = async (): Promise<number> =>
  (await listDeadLetters(bed.db)).reduce(
    (sum, { offset, lastOffset }) => sum + Number((lastOffset ?? offset) - offset) + 1,
    0,
  );

function node(aggregateId: string, version: number): ProducedRecord {
  const event: EventOf<typeof NETWORK> = {
    ...{ eventId: newId(), type: 'NodeChanged', occurredAt: new Date(), aggregateId, version },
    ...{ kind: 'feeder', parentId: 'SS-1', nameEn: 'Feeder', nameHi: '', validFrom: new Date() },
  };
  return { topic: NETWORK, key: aggregateId, value: encodeEvent(NETWORK, event), headers: {} };
}

async function upsert(tx: Transaction, events: readonly Heard<EventOf<typeof NETWORK>>[]): Promise<void> {
  await query(
    tx,
    `insert into state as s (key, version) select * from unnest(:aggregateIds::text[], :versions::integer[])
     on conflict (key) do update set version = excluded.version where excluded.version > s.version`,
    { aggregateIds: events.map(({ event }) => event.aggregateId), versions: events.map(({ event }) => event.version) },
  );
}

const nodes = (apply = upsert): Subscription =>
  projection(NETWORK, {
    ...{ name: 'nodes', apply },
    applyTombstones: async (tx, keys) => {
      await query(tx, 'delete from state where key = any(:keys::text[])', { keys });
    },
  });

const CANARY = '7310559284';

function report(given: Partial<ControlRoomEvent> = {}): ProducedRecord {
  const said: ControlRoomEvent = {
    ...{
      eventId: newId(),
      type: 'OutageReported',
      occurredAt: new Date(),
      aggregateId: newId(),
      version: 1,
      cause: 'storm',
    },
    ...{ nodeIds: ['F-1203'], startsAt: null, estimatedRestorationAt: null, restoredAt: null },
    ...{ exceptNodeIds: [], estimateSource: null, isConfirmed: true, ...given },
  };
  return { topic: CONTROL_ROOM, key: said.aggregateId, value: encodeEvent(CONTROL_ROOM, said), headers: {} };
}

/** Writes one record with headers that kafkajs cannot say: many of one name. */
async function produceWithHeaders(record: ProducedRecord, headers: Record<string, string | string[]>): Promise<void> {
  const producer = bed.kafka.client.producer();
  await producer.connect();
  await producer.send({ topic: bed.kafka.prefix + record.topic, messages: [{ ...record, headers }] });
  await producer.disconnect();
}

describe('a record that is too large to be handled', () => {
  const controlRoom = () =>
    inbox(CONTROL_ROOM, { name: 'control-room', lateness: 'any-order', apply: async () => undefined });
  const large = Buffer.alloc(900_000, `call ${CANARY} `);

  test.each([
    ['a record of a control room', controlRoom, () => report()],
    ['an outage', hearOutages, () => recordOf(outage(newId(), 1))],
    ['a node', nodes, () => node('N-1', 1)],
  ])('%s of 900 kB is dead by its size, keeps nothing, and delays nobody', async (_what, heardAs, said) => {
    const part = await hear(heardAs() as Subscription);
    await bed.produce([{ ...said(), value: large }]);
    await bed.produce([said()]);
    await bed.seen('dead', 1);
    await bed.seen('applied', 1);

    const letter = await onlyLetter();
    expect(letter).toMatchObject({ reason: 'too-large', lastOffset: letter?.offset });
    expect((await getDeadLetter(bed.db, letter?.id ?? ''))?.value).toBeNull();
    expect(await query(bed.db, 'select from inbox where value is not null')).toEqual([]);
    expect(part.ready()).toEqual({ ok: true }); // a record, and no batch
    expect(JSON.stringify(bed.log.lines)).not.toContain(CANARY);
  });

  test.each([
    ['60,000 equal headers', { a: Array.from({ length: 60_000 }, () => '') }],
    ['300,000 equal headers', { a: Array.from({ length: 300_000 }, () => '') }],
    ['101 headers', Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`h${at}`, '']))],
    ['one header of 17 kB', { a: 'x'.repeat(17_000) }],
  ])('by its %s is dead, and delays nobody', async (_what, headers) => {
    await hear(controlRoom());
    await produceWithHeaders(report(), headers);
    await bed.produce([report()]);
    await bed.seen('dead', 1);
    await bed.seen('applied', 1);

    expect(await onlyLetter()).toMatchObject({ reason: 'headers-too-large' });
  });

  test('is handled with 100 headers', async () => {
    await hear(controlRoom());
    await produceWithHeaders(report(), Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`h${at}`, 'x'])));

    await bed.seen('applied', 1);
  });

  test('is read from its topic when it is replayed, and dies once more where it is as large as before', async () => {
    await hear(controlRoom());
    await bed.produce([{ ...report({ aggregateId: CANARY }), value: large }]);
    await bed.seen('dead', 1);
    expect(await onlyLetter()).toMatchObject({ key: 'xxxxxxxxxx', isMasked: false });

    await replay((await onlyLetter())?.id);
    await bed.seen('dead', 2);

    expect(await onlyLetter()).toMatchObject({ reason: 'too-large', deaths: 2 });
  });

  test('is no hindrance where there are many of them', async () => {
    await hear(controlRoom());
    const records = Array.from({ length: 40 }, () => ({ ...report(), value: Buffer.alloc(700_000) }));
    await bed.produce([...records, report()]);

    await bed.seen('dead', 40);
    await bed.seen('applied', 1);
  });
});
