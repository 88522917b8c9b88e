import { type EventOf, encodeEvent } from '@bijli/events';
import type { ProducedRecord } from '@bijli/kafka/produce';
import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Heard, Subscription } from '../src/index.ts';
import { appendTombstones, listDeadLetters, NotYetError, projection, replayDeadLetter } from '../src/index.ts';
import type { Testbed } from './testbed.ts';
import { NETWORK, openTestbed } from './testbed.ts';

type Node = EventOf<typeof NETWORK>;
let bed: Testbed;
beforeEach(async () => {
  bed = await openTestbed();
});
afterEach(async () => {
  await bed.close();
});

const node = (aggregateId: string, version: number): Node => ({
  eventId: newId(),
  type: 'NodeChanged',
  occurredAt: new Date('2026-01-30T08:35:00Z'),
  aggregateId,
  version,
  kind: 'feeder',
  parentId: 'SS-1',
  nameEn: 'Feeder',
  nameHi: '',
  validFrom: new Date('2026-01-01T00:00:00Z'),
});
const recordOf = (event: Node): ProducedRecord => ({
  topic: NETWORK,
  key: event.aggregateId,
  value: encodeEvent(NETWORK, event),
  headers: {},
});
/** An instant of eight octets: the first millisecond that no date holds. `validFrom` is the last field and takes six. */
const BEYOND_DATES = Buffer.from('8280e0ad9882d91e', 'hex');
function broken(key: string, change: (octets: Buffer) => Buffer): ProducedRecord {
  const record = recordOf(node(key, 1));
  return { ...record, value: change(record.value ?? Buffer.alloc(0)) };
}
const tombstone = (key: string): ProducedRecord => ({ topic: NETWORK, key, value: null, headers: {} });

async function upsert(tx: Transaction, events: readonly Heard<Node>[]): Promise<void> {
  await query(
    tx,
    `insert into state as s (key, version) select * from unnest(:aggregateIds::text[], :versions::integer[])
     on conflict (key) do update set version = excluded.version, writes = s.writes + 1 where excluded.version > s.version`,
    { aggregateIds: events.map(({ event }) => event.aggregateId), versions: events.map(({ event }) => event.version) },
  );
}
async function erase(tx: Transaction, keys: readonly string[]): Promise<void> {
  await query(tx, 'delete from state where key = any(:keys::text[])', { keys });
}
const nodes = (apply = upsert): Subscription => projection(NETWORK, { name: 'nodes', apply, applyTombstones: erase });
const states = () =>
  query<{ key: string; version: number; writes: number }>(bed.db, 'select * from state order by key');

describe('a projection', () => {
  test('keeps the newest version, whatever comes late or twice', async () => {
    await bed.run([nodes()]);
    await bed.produce([recordOf(node('a', 2)), recordOf(node('b', 1))]);
    await bed.seen('applied', 2);

    await bed.produce([recordOf(node('a', 1)), recordOf(node('a', 2)), recordOf(node('b', 2))]);
    await bed.seen('applied', 4);

    expect(await states()).toEqual([
      { key: 'a', version: 2, writes: 1 },
      { key: 'b', version: 2, writes: 2 },
    ]);
  });

  test('applies what all partitions bring together', async () => {
    const calls: number[] = [];
    const counting = async (tx: Transaction, events: readonly Heard<Node>[]): Promise<void> => {
      calls.push(events.length);
      await upsert(tx, events);
    };
    await bed.produce(Array.from({ length: 300 }, (_, key) => recordOf(node(`key ${key}`, 1))));
    await bed.run([nodes(counting)]);

    await bed.seen('applied', 300);

    expect(Math.max(...calls)).toBeGreaterThan(150);
    expect(await states()).toHaveLength(300);
  });

  test('is given what it reads of an event and the envelope, and parks what cannot be read of the rest', async () => {
    const given: object[] = [];
    const keeping = async (
      _tx: Transaction,
      events: readonly Heard<Pick<Node, 'aggregateId' | 'kind'>>[],
    ): Promise<void> => {
      given.push(...events.map(({ event }) => ({ ...event })));
    };
    await bed.run([projection(NETWORK, { name: 'nodes', reads: ['kind'], apply: keeping })]);
    const first = node('a', 1);
    const whole = recordOf(first);
    const cut = broken('b', (octets) => octets.subarray(0, -1));
    const longer = broken('c', (octets) => Buffer.concat([octets, Buffer.from([0])]));
    const withoutInstant = broken('d', (octets) => Buffer.concat([octets.subarray(0, -6), BEYOND_DATES]));

    await bed.produce([whole, cut, longer, withoutInstant]);
    await bed.seen('applied', 1);
    await bed.seen('dead', 3);

    expect(given).toEqual([
      { eventId: first.eventId, type: 'NodeChanged', aggregateId: 'a', version: 1, kind: 'feeder' },
    ]);
    const dead = await listDeadLetters(bed.db);
    expect(dead.map(({ key, reason, detail }) => [key, reason, detail]).toSorted()).toEqual([
      ['b', 'malformed', 'validFrom is malformed'],
      ['c', 'trailing-bytes', '1 octets follow the record'],
      ['d', 'malformed', 'validFrom is malformed'],
    ]);
  });

  test('goes on with one of its readers while another waits for the database', async () => {
    const gate = Promise.withResolvers<void>();
    const waiting = async (tx: Transaction, events: readonly Heard<Node>[]): Promise<void> => {
      if (events.some(({ event }) => event.aggregateId === 'held')) await gate.promise;
      await upsert(tx, events);
    };
    const part = await bed.run([projection(NETWORK, { name: 'nodes', readers: 2, apply: waiting })]);
    await until(() => part.ready().ok, { describe: 'both readers in the group' });

    await bed.produce(
      ['held', ...Array.from({ length: 40 }, (_, key) => `key ${key}`)].map((key) => recordOf(node(key, 1))),
    );
    const before = await bed.seen('applied', 1).finally(gate.resolve);

    const all = await bed.seen('applied', 41);
    const heldIn = all.find(({ key }) => key === 'held')?.partition;
    expect(before.map(({ partition }) => partition)).not.toContain(heldIn);
    expect((await states()).map(({ writes }) => writes)).toEqual(Array.from({ length: 41 }, () => 1));
  });

  test('hands over a batch reduced to the newest version of each key', async () => {
    const versions = Array.from({ length: 500 }, (_, index) => recordOf(node('busy', index + 1)));
    await bed.produce(versions);
    await bed.run([nodes()]);

    await bed.seen('applied', 1);

    expect(await states()).toEqual([{ key: 'busy', version: 500, writes: 1 }]);
    expect(bed.outcomes.filter(({ outcome }) => outcome === 'superseded')).toHaveLength(499);
  });

  test('comes to the same state when everything is heard again from offset 0', async () => {
    const keys = Array.from({ length: 200 }, (_, index) => `n${index}`);
    await bed.produce(keys.flatMap((key) => [recordOf(node(key, 1)), recordOf(node(key, 2))]));
    const first = await bed.run([nodes()]);
    await bed.seen('applied', 200);
    await first.stop();
    const before = await states();

    await bed.run([nodes()], { service: 'again' });
    await bed.seen('applied', 400);

    expect(await states()).toEqual(before);
  });

  test('forgets a key by its tombstone, and knows it again when it comes back', async () => {
    await bed.run([nodes()]);
    await bed.produce([recordOf(node('gone', 1)), recordOf(node('stays', 1))]);
    await bed.seen('applied', 2);

    await bed.produce([tombstone('gone')]);
    await bed.seen('erased', 1);
    expect((await states()).map(({ key }) => key)).toEqual(['stays']);

    await bed.produce([
      tombstone('stays'),
      recordOf(node('stays', 1)),
      tombstone('gone'),
      recordOf(node('gone', 2)),
      tombstone('gone'),
    ]);
    await bed.seen('erased', 2);
    await bed.seen('applied', 3);
    expect((await states()).map(({ key }) => key)).toEqual(['stays']);
  });

  test('erases what its owner said with appendTombstones', async () => {
    await bed.run([nodes()]);
    await bed.produce([recordOf(node('gone', 1))]);
    await bed.seen('applied', 1);
    await bed.relay();

    await bed.db.transaction((tx) => appendTombstones(tx, NETWORK, ['gone']));

    await bed.seen('erased', 1);
    expect(await states()).toEqual([]);
  });

  test('makes a dead letter of a poison record among good ones, and one that its handler refuses', async () => {
    const refused = node('refused', 1);
    let refuses = true;
    const apply = async (tx: Transaction, events: readonly Heard<Node>[]): Promise<void> => {
      if (refuses && events.some(({ event }) => event.aggregateId === 'refused')) throw new TypeError('a bug');
      await upsert(tx, events);
    };
    const good = Array.from({ length: 100 }, (_, index) => recordOf(node(`good${index}`, 1)));
    await bed.produce([
      ...good.slice(0, 50),
      { ...recordOf(node('poison', 1)), value: Buffer.from('?') },
      recordOf(refused),
      ...good.slice(50),
    ]);

    await bed.run([nodes(apply)]);
    await bed.seen('applied', 100);
    await bed.seen('dead', 2);

    const dead = await listDeadLetters(bed.db);
    expect(dead.map(({ key, reason }) => [key, reason]).sort()).toEqual([
      ['poison', 'not-framed'],
      ['refused', 'failed'],
    ]);

    refuses = false;
    await bed.db.transaction((tx) => replayDeadLetter(tx, dead.find(({ key }) => key === 'refused')?.id ?? '', 'asha'));
    await bed.seen('applied', 101);
    expect((await states()).some(({ key }) => key === 'refused')).toBe(true);
  });

  test('tries a batch again while the database has trouble, and commits nothing before', async () => {
    let troubles = 2;
    const apply = async (tx: Transaction, events: readonly Heard<Node>[]): Promise<void> => {
      await upsert(tx, events);
      troubles -= 1;
      if (troubles >= 0) throw Object.assign(new Error('lock timeout'), { code: '55P03', severity: 'ERROR' });
    };
    await bed.run([nodes(apply)]);
    await bed.produce([recordOf(node('a', 1))]);

    await bed.seen('applied', 1);

    expect(troubles).toBe(-1);
    expect(await states()).toEqual([{ key: 'a', version: 1, writes: 1 }]);
    expect(await listDeadLetters(bed.db)).toEqual([]);
  });

  test('waits with a record for what has not come yet: its neighbours are applied, nothing is a dead letter', async () => {
    let hasCome = false;
    const apply = async (tx: Transaction, events: readonly Heard<Node>[]): Promise<void> => {
      if (!hasCome && events.some(({ event }) => event.aggregateId === 'early'))
        throw new NotYetError('the key is not here');
      await upsert(tx, events);
    };
    await bed.run([nodes(apply)]);
    await bed.produce([
      recordOf(node('early', 1)),
      ...Array.from({ length: 99 }, (_, n) => recordOf(node(`n${n}`, 1))),
    ]);
    await until(async () => (await states()).length === 99, { describe: 'the neighbours' });
    expect(await listDeadLetters(bed.db)).toEqual([]);

    hasCome = true;
    await until(async () => (await states()).length === 100, { describe: 'the one that waited' });
    expect(await listDeadLetters(bed.db)).toEqual([]);
  });
});
