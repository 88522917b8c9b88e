import { query } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { InboxDefinition } from '../src/index.ts';
import { discardDeadLetter, getDeadLetter, listDeadLetters, replayDeadLetter } from '../src/index.ts';
import type { Testbed } from './testbed.ts';
import type { Outage } from './outages.ts';
import { effectsOf, hearOutages, outage, recordEffects, recordOf, say } from './outages.ts';
import { readingsOf } from './readings.ts';
import { openTestbed } from './testbed.ts';

let bed: Testbed;
beforeEach(async () => {
  bed = await openTestbed();
});
afterEach(async () => {
  await bed.close();
});

describe('an inbox subscription', () => {
  test('applies what another service said, once and in order', async () => {
    const key = newId();
    await say(bed.db, outage(key, 1), outage(key, 2), outage(key, 3));
    await bed.relay();

    await bed.run([hearOutages()]);
    await bed.seen('applied', 3);

    expect(await effectsOf(bed.db, key)).toEqual([1, 2, 3]);
  });

  test('applies so many keys at once as it says, and each in a transaction of its own', async () => {
    const turns: string[][] = [];
    const counting: InboxDefinition<Outage>['apply'] = async (tx, heard) => {
      turns.push([...new Set(heard.map(({ event }) => event.aggregateId))]);
      await recordEffects(tx, heard);
    };
    const keys = Array.from({ length: 7 }, newId);
    await bed.produce(keys.flatMap((key) => [recordOf(outage(key, 1)), recordOf(outage(key, 2))]));
    await bed.run([hearOutages('latest-wins', counting, { keysAtOnce: 2 })]);
    await bed.seen('applied', 14);

    expect(turns.every((of) => of.length <= 2)).toBe(true);
    for (const key of keys) expect(await effectsOf(bed.db, key)).toEqual([1, 2]);
  });

  test('does nothing for duplicates, in one batch or later', async () => {
    const [first, second] = [outage(newId(), 1), outage(newId(), 1)];
    await bed.run([hearOutages()]);
    await bed.produce([recordOf(first), recordOf(first), recordOf(second)]);
    await bed.seen('applied', 2);

    await bed.produce([recordOf(second), recordOf(first)]);
    await bed.seen('repeated', 3);

    expect(await query(bed.db, 'select event_id from effect')).toHaveLength(2);
  });

  test('does nothing when the whole topic is heard again from offset 0', async () => {
    const events = Array.from({ length: 50 }, () => outage(newId(), 1));
    await bed.produce(events.map(recordOf));
    const before = await bed.run([hearOutages()]);
    await bed.seen('applied', 50);
    await before.stop();

    // Another group hears everything anew under the same name; one more event shows that it came to the end.
    await bed.run([hearOutages()], { service: 'again' });
    await bed.produce(Array.from({ length: 40 }, () => recordOf(outage(newId(), 1))));
    await bed.seen('applied', 90);

    expect(await query(bed.db, 'select event_id from effect')).toHaveLength(90);
    expect(await query(bed.db, 'select from inbox')).toEqual([]); // all were handled as they arrived
  });

  test('tells of events that changed nothing by that name, as they arrive and from the inbox, and handles each once', async () => {
    const key = newId();
    const nothingToDo: InboxDefinition<Outage>['apply'] = async (_tx, heard) =>
      heard.map(({ event: { eventId } }) => ({ eventId, isUnchanged: true }));
    const part = await bed.run([hearOutages('every-event', nothingToDo)]);
    const [first, second] = [outage(key, 1), outage(key, 2)];
    await bed.produce([recordOf(second)]); // waits in the inbox for the one before it
    await bed.seen('parked', 1);
    await bed.produce([recordOf(first), recordOf(outage(newId(), 1))]);
    await bed.seen('unchanged', 3);

    await bed.produce([recordOf(first)]);
    await bed.seen('repeated', 1);

    expect(await readingsOf(part)).toMatchObject({
      'bijli_subscription_unchanged_total outages inbox': 3,
      'bijli_subscription_applied_total outages inbox': 0,
    });
  });

  test('leaves alone what was decided about a dead letter, when the topic is heard again from offset 0', async () => {
    const [refused, later] = [outage(newId(), 1), outage(newId(), 1)];
    const refusing: InboxDefinition<Outage>['apply'] = async (tx, heard) => {
      await recordEffects(
        tx,
        heard.filter(({ event }) => event.eventId !== refused.eventId),
      );
      return heard.some(({ event }) => event.eventId === refused.eventId)
        ? [{ eventId: refused.eventId, detail: 'cause: unlikely' }]
        : [];
    };
    const before = await bed.run([hearOutages('every-event', refusing)]);
    await bed.produce([recordOf(refused)]);
    await bed.seen('dead', 1);
    await before.stop();
    const [letter] = await listDeadLetters(bed.db);
    await bed.db.transaction((tx) => discardDeadLetter(tx, letter?.id ?? '', 'operator-3'));

    await bed.run([hearOutages('every-event', refusing)], { service: 'again' });
    await bed.produce([recordOf({ ...later, aggregateId: refused.aggregateId })]); // after it in its partition
    await bed.seen('applied', 1);

    expect(await getDeadLetter(bed.db, letter?.id ?? '')).toMatchObject({ state: 'discarded', deaths: 1 });
    expect(bed.outcomes.map(({ outcome }) => outcome)).toEqual(['dead', 'applied']);
  });

  test('handles a key as it arrives again when what was stored of it is handled', async () => {
    const key = newId();
    const part = await bed.run([hearOutages()]);
    await bed.produce([recordOf(outage(key, 2))]);
    await bed.seen('parked', 1);
    await bed.produce([recordOf(outage(key, 1)), recordOf(outage(key, 3))]);
    await bed.seen('applied', 3);

    await bed.produce([recordOf(outage(key, 4)), recordOf(outage(key, 5))]);
    await bed.seen('applied', 5);

    expect(await effectsOf(bed.db, key)).toEqual([1, 2, 3, 4, 5]);
    expect(await readingsOf(part)).toMatchObject({
      'bijli_subscription_stored_total outages inbox': 3,
      'bijli_subscription_pending_rows outages inbox': 0,
    });
  });

  test('lets other keys flow while somebody holds one, and handles that one afterwards', async () => {
    const [held, other] = [newId(), newId()];
    await bed.run([hearOutages()]);
    await bed.produce([recordOf(outage(held, 1))]);
    await bed.seen('applied', 1);

    await bed.db.transaction(async (tx) => {
      await query(tx, 'select from inbox_key where key = :held for update', { held });
      await bed.produce([recordOf(outage(held, 2)), recordOf(outage(other, 1))]);
      await bed.seen('applied', 2);
    });
    await bed.seen('applied', 3);

    expect(await effectsOf(bed.db, held)).toEqual([1, 2]);
    expect(bed.outcomes.filter(({ outcome }) => outcome === 'applied').map(({ key }) => key)).toEqual([
      held,
      other,
      held,
    ]);
    expect(bed.log.lines.map(({ message }) => message)).toContain('records that arrived wait');
  });

  test('puts versions that came out of order back in order, whatever their headers claim', async () => {
    const key = newId();
    await bed.run([hearOutages()]);
    const headers = { 'bijli-masked': 'refused: says somebody' };
    await bed.produce([{ ...recordOf(outage(key, 3)), headers }, recordOf(outage(key, 2))]);
    await bed.seen('parked', 1);

    await bed.produce([recordOf(outage(key, 1))]);
    await bed.seen('applied', 3);

    expect(await effectsOf(bed.db, key)).toEqual([1, 2, 3]);
  });

  test('lets other keys flow while one waits for a missing version, then goes on with the newest state', async () => {
    const [gappy, other] = [newId(), newId()];
    const part = await bed.run([hearOutages()]);
    await bed.produce([
      recordOf(outage(gappy, 1)),
      recordOf(outage(gappy, 3)),
      recordOf(outage(gappy, 4)),
      recordOf(outage(other, 1)),
    ]);
    await bed.seen('applied', 2);
    expect(await effectsOf(bed.db, other)).toEqual([1]);
    expect(await effectsOf(bed.db, gappy)).toEqual([1]);

    await bed.seen('applied', 3);

    expect(await effectsOf(bed.db, gappy)).toEqual([1, 4]);
    expect(bed.log.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      'went on without a version that never came',
    ]);
    expect(await readingsOf(part)).toMatchObject({
      'bijli_subscription_gaps_passed_total outages inbox': 1,
      'bijli_subscription_superseded_total outages inbox': 1,
    });
  });

  test.each([
    ['latest-wins', [1, 4], 'superseded'],
    ['every-event', [1, 4, 2], 'applied'],
  ] as const)('treats an event that comes after the gap was passed as %s says', async (lateness, applied, outcome) => {
    const key = newId();
    await bed.run([hearOutages(lateness)]);
    await bed.produce([recordOf(outage(key, 1)), recordOf(outage(key, 4))]);
    await bed.seen('applied', 2);

    const late = outage(key, 2);
    await bed.produce([recordOf(late)]);
    await bed.seen(outcome, outcome === 'applied' ? 3 : 1);

    expect(await effectsOf(bed.db, key)).toEqual(applied);
    await bed.produce([recordOf(late)]);
    await bed.seen('repeated', 1);
  });

  test('makes a dead letter of what its handler gives back, in the transaction of its neighbours, and takes it when it is replayed', async () => {
    const events = Array.from({ length: 20 }, () => outage(newId(), 1));
    const refused = new Set(events.slice(3, 5).map(({ eventId }) => eventId));
    const calls: number[] = [];
    await bed.produce(events.map(recordOf));
    await bed.run([
      hearOutages('every-event', async (tx, heard) => {
        calls.push(heard.length);
        await recordEffects(
          tx,
          heard.filter(({ event }) => !refused.has(event.eventId)),
        );
        return heard.flatMap(({ event: { eventId } }) =>
          refused.has(eventId) ? [{ eventId, detail: 'cause: unlikely' }] : [],
        );
      }),
    ]);
    await bed.seen('applied', 18);
    await bed.seen('dead', 2);

    expect(calls.reduce((sum, length) => sum + length, 0)).toBe(20);
    const letters = await listDeadLetters(bed.db);
    expect(letters.map(({ eventId, reason, detail }) => [eventId, reason, detail]).sort()).toEqual(
      [...refused].map((eventId) => [eventId, 'refused', 'cause: unlikely']).sort(),
    );

    refused.clear();
    for (const { id } of letters) await bed.db.transaction((tx) => replayDeadLetter(tx, id, 'operator-3'));
    await bed.seen('applied', 20);

    expect(await query(bed.db, 'select event_id from effect')).toHaveLength(20);
  });

  test('quarantines the same id with other bytes, once, and goes on with its key', async () => {
    const key = newId();
    const genuine = outage(key, 1);
    await bed.run([hearOutages()]);
    await bed.produce([recordOf(genuine)]);
    await bed.seen('applied', 1);

    await bed.produce([recordOf({ ...genuine, cause: 'storm' }), recordOf(outage(key, 2))]);
    await bed.seen('applied', 2);
    const [dead] = await bed.seen('dead', 1);

    expect(dead).toMatchObject({ detail: 'same-id-other-bytes', eventId: genuine.eventId });
    expect(await effectsOf(bed.db, key)).toEqual([1, 2]);
    expect(await listDeadLetters(bed.db)).toMatchObject([
      { reason: 'same-id-other-bytes', eventId: genuine.eventId, subscription: 'outages' },
    ]);
  });
});
