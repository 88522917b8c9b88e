import { query } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listDeadLetters, replayDeadLetter } from '../src/index.ts';
import type { Testbed } from './testbed.ts';
import { effectsOf, hearOutages, outage, recordEffects, recordOf, say } from './outages.ts';
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
    const { rows } = await bed.db.raw<{ rows: { stored: number }[] }>('select count(*)::integer as stored from inbox');
    expect(rows).toEqual([{ stored: 50 }]);

    // Another group hears everything anew under the same name; one more event shows that it came to the end.
    await bed.run([hearOutages()], { service: 'again' });
    await bed.produce(Array.from({ length: 40 }, () => recordOf(outage(newId(), 1))));
    await bed.seen('applied', 90);

    expect(await query(bed.db, 'select event_id from effect')).toHaveLength(90);
  });

  test('puts versions that came out of order back in order', async () => {
    const key = newId();
    await bed.run([hearOutages()]);
    await bed.produce([recordOf(outage(key, 3)), recordOf(outage(key, 2))]);
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
    expect(await part.metrics()).toMatchObject({
      inbox_outages_gaps_passed_total: 1,
      inbox_outages_superseded_total: 1,
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

  test('buries what its handler gives back, in the transaction of its neighbours, and takes it when it is replayed', async () => {
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
