import { PoisonMessageError } from '@bijli/events';
import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Heard } from '../src/index.ts';
import { discardDeadLetter, listDeadLetters, NotYetError, replayDeadLetter } from '../src/index.ts';
import type { Outage } from './outages.ts';
import type { Testbed } from './testbed.ts';
import { effectsOf, hearOutages, outage, recordEffects, recordOf } from './outages.ts';
import { openTestbed } from './testbed.ts';

let bed: Testbed;
beforeEach(async () => {
  bed = await openTestbed();
});
afterEach(async () => {
  await bed.close();
});

const good = recordOf(outage(newId(), 1)).value ?? Buffer.alloc(0);
const unknownSchema = Buffer.from([...good.subarray(0, 1), 0x7f, 0xff, 0xff, 0xff, ...good.subarray(5)]);
/** The frame of a known schema, then an Avro block that claims 2^33 items in six bytes. */
const bomb = Buffer.from([...good.subarray(0, 5), 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);

const POISONS: [string, Buffer | null, string][] = [
  ['a record without value', null, 'empty'],
  ['an empty record', Buffer.alloc(0), 'empty'],
  ['a record that is not framed', Buffer.from('{"json":true}'), 'not-framed'],
  ['an unknown schema', unknownSchema, 'unknown-schema'],
  ['a truncated record', good.subarray(0, good.length - 3), 'malformed'],
  ['trailing bytes', Buffer.concat([good, Buffer.from([0])]), 'trailing-bytes'],
  ['the six-byte bomb', bomb, 'malformed'],
];

/** Fails for the events it is told to, as long as it is told so. */
const failing =
  (bad: ReadonlySet<string>, failure: () => unknown) =>
  async (tx: Transaction, events: readonly Heard<Outage>[]): Promise<void> => {
    if (events.some(({ event }) => bad.has(event.eventId))) throw failure();
    await recordEffects(tx, events);
  };

describe('a poison record', () => {
  test.each(POISONS)('that is %s becomes a dead letter and delays no other key', async (_what, value, reason) => {
    const other = newId();
    await bed.run([hearOutages()]);
    await bed.produce([{ ...recordOf(outage(newId(), 1)), value }, recordOf(outage(other, 1))]);

    await bed.seen('applied', 1);
    await bed.seen('dead', 1);

    expect(await effectsOf(bed.db, other)).toEqual([1]);
    expect(await listDeadLetters(bed.db)).toMatchObject([{ subscription: 'outages', deaths: 1, reason }]);
  });

  test("without key, with another aggregate's, or with one that no database could hold, parks nobody else", async () => {
    const event = outage(newId(), 1);
    const keys = ['', 'another', `${event.aggregateId}\0`, 'k'.repeat(10_000)];
    await bed.run([hearOutages()]);
    await bed.produce([...keys.map((key) => ({ ...recordOf(event), key, headers: { odd: '\0' } })), recordOf(event)]);

    await bed.seen('applied', 1);
    const dead = await bed.seen('dead', keys.length);

    expect(new Set(dead.map(({ detail }) => detail))).toEqual(new Set(['foreign-key']));
  });

  test('is found by the handler as well, and is not tried again once it was tried alone', async () => {
    const event = outage(newId(), 1);
    let tries = 0;
    const apply = async (): Promise<void> => {
      tries += 1;
      throw new PoisonMessageError('malformed', 'nodeIds names a node twice');
    };
    await bed.run([hearOutages('every-event', apply)]);
    await bed.produce([recordOf(event)]);

    await bed.seen('dead', 1);

    expect(tries).toBe(2); // as it arrived, and alone
    expect(await listDeadLetters(bed.db)).toMatchObject([
      { reason: 'malformed', detail: 'nodeIds names a node twice' },
    ]);
  });
});

describe('a batch with a record that fails', () => {
  test('of 1,000 applies 999 and makes a dead letter of one, after as many tries as the settings say', async () => {
    const events = Array.from({ length: 1_000 }, () => outage(newId(), 1));
    const bad = new Set([events[617]?.eventId ?? '']);
    const tries = { alone: 0, calls: 0 };
    const apply = async (tx: Transaction, heard: readonly Heard<Outage>[]): Promise<void> => {
      tries.calls += 1;
      if (heard.length === 1 && bad.has(heard[0]?.event.eventId ?? '')) tries.alone += 1;
      await failing(bad, () => new RangeError('a bug'))(tx, heard);
    };
    await bed.produce(events.map(recordOf));
    await bed.run([hearOutages('latest-wins', apply)]);

    await bed.seen('dead', 1);
    await bed.seen('applied', 999);

    expect(await query(bed.db, 'select count(*)::integer as effects from effect')).toEqual([{ effects: 999 }]);
    // Should the producer have had to send twice, the second record of the bad event waits behind the first.
    const pending = await query(bed.db, 'select from inbox_pending where key <> :aggregateId', {
      aggregateId: events[617]?.aggregateId ?? null,
    });
    expect(pending).toEqual([]);
    expect(tries.alone).toBe(5);
    const [dead] = await listDeadLetters(bed.db);
    expect(dead).toMatchObject({ reason: 'failed', version: 1, eventId: events[617]?.eventId });
    expect(dead?.detail).toMatch(/^RangeError at /);
    expect(dead?.detail).not.toContain('a bug'); // a message may quote a value
  });

  const lockTimeout = (): Error =>
    Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03', severity: 'ERROR' });
  const notYet = (): Error => new NotYetError('its connection has not come');

  test.each([
    ['the error is transient', lockTimeout],
    ['what it needs has not come yet', notYet],
  ])('tries again for as long as %s, while other keys flow', async (_, error) => {
    const [sick, well] = [outage(newId(), 1), outage(newId(), 1)];
    const bad = new Set([sick.eventId]);
    await bed.run([hearOutages('latest-wins', failing(bad, error))]);
    await bed.produce([recordOf(sick), recordOf(well)]);
    await bed.seen('applied', 1);
    await bed.seen('parked', 7); // more than any other error would be allowed

    expect(await effectsOf(bed.db, well.aggregateId)).toEqual([1]);
    bad.clear();
    await bed.seen('applied', 2);

    expect(await effectsOf(bed.db, sick.aggregateId)).toEqual([1]);
    expect(await listDeadLetters(bed.db)).toEqual([]);
  });

  test('goes on together with all that waited for the same', async () => {
    const early = Array.from({ length: 300 }, () => outage(newId(), 1));
    let hasCome = false;
    let batches = 0;
    const apply = async (tx: Transaction, events: readonly Heard<Outage>[]): Promise<void> => {
      if (!hasCome) throw notYet();
      batches += 1;
      await recordEffects(tx, events);
    };
    await bed.run([hearOutages('latest-wins', apply)]);
    await bed.produce(early.map(recordOf));
    await bed.seen('parked', early.length);

    hasCome = true;
    await bed.seen('applied', early.length);

    expect(batches).toBeLessThan(early.length / 3);
    expect(await query(bed.db, 'select from effect')).toHaveLength(early.length);
  });

  test('does not wait for ever for what does not come', async () => {
    const orphan = outage(newId(), 1);
    await bed.run([hearOutages('latest-wins', failing(new Set([orphan.eventId]), notYet))], {
      settings: { maxWaits: 7 },
    });
    await bed.produce([recordOf(orphan)]);

    await bed.seen('dead', 1);

    expect(bed.outcomes.filter(({ outcome }) => outcome === 'parked')).toHaveLength(6);
    expect(await listDeadLetters(bed.db)).toMatchObject([
      { reason: 'not-yet', detail: 'its connection has not come', eventId: orphan.eventId },
    ]);
  });
});

describe('a dead letter', () => {
  async function withDeadSecond(
    lateness: 'latest-wins' | 'every-event',
  ): Promise<{ key: string; bad: Set<string>; id: string }> {
    const key = newId();
    const second = outage(key, 2);
    const bad = new Set([second.eventId]);
    await bed.run([
      hearOutages(
        lateness,
        failing(bad, () => new PoisonMessageError('malformed', 'refused')),
      ),
    ]);
    await bed.produce([recordOf(outage(key, 1)), recordOf(second), recordOf(outage(key, 3))]);
    await bed.seen('dead', 1);
    const [dead] = await listDeadLetters(bed.db, { subscription: 'outages' });
    return { key, bad, id: dead?.id ?? '' };
  }

  test('holds a latest-wins key until it is replayed, and the replay is written down', async () => {
    const { key, bad, id } = await withDeadSecond('latest-wins');
    expect(await effectsOf(bed.db, key)).toEqual([1]);
    bad.clear();

    expect(await bed.db.transaction((tx) => replayDeadLetter(tx, id, 'asha'))).toBe(true);
    await bed.seen('applied', 3);

    expect(await effectsOf(bed.db, key)).toEqual([1, 2, 3]);
    expect(await listDeadLetters(bed.db)).toEqual([]);
    expect(await query(bed.db, 'select action, who from dead_letter_replay')).toEqual([
      { action: 'replay', who: 'asha' },
    ]);
  });

  test('replayed twice is replayed once', async () => {
    const { bad, id } = await withDeadSecond('every-event');
    bad.clear();
    const replay = () => bed.db.transaction((tx) => replayDeadLetter(tx, id, 'asha'));

    expect((await Promise.all([replay(), replay()])).sort()).toEqual([false, true]);
    await bed.seen('applied', 3);

    expect(await query(bed.db, 'select who from dead_letter_replay')).toHaveLength(1);
  });

  test('that fails again is a dead letter again, and its key waits again', async () => {
    const { key, id } = await withDeadSecond('latest-wins');

    await bed.db.transaction((tx) => replayDeadLetter(tx, id, 'asha'));
    await bed.seen('dead', 2);

    expect(await listDeadLetters(bed.db)).toMatchObject([{ id, deaths: 2 }]);
    expect(await effectsOf(bed.db, key)).toEqual([1]);
  });

  test('that is discarded lets its key go on at once, without the event', async () => {
    const { key, id } = await withDeadSecond('latest-wins');

    expect(await bed.db.transaction((tx) => discardDeadLetter(tx, id, 'asha'))).toBe(true);
    await bed.seen('applied', 2);

    expect(await effectsOf(bed.db, key)).toEqual([1, 3]);
    expect(await bed.db.transaction((tx) => replayDeadLetter(tx, id, 'asha'))).toBe(false);
    expect(bed.outcomes.filter(({ detail }) => detail === 'gap')).toEqual([]);
  });

  test('does not hold an every-event key', async () => {
    const { key } = await withDeadSecond('every-event');

    await bed.seen('applied', 2);

    expect(await effectsOf(bed.db, key)).toEqual([1, 3]);
  });
});
