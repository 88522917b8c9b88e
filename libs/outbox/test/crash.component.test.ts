import { query } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listDeadLetters } from '../src/index.ts';
import { runMortal } from './run-mortal.ts';
import type { Testbed } from './testbed.ts';
import { hearOutages, outage, recordOf, say } from './outages.ts';
import { openTestbed } from './testbed.ts';

/** The group waits so long for the dead member, and then the records come again. */
const SESSION_MS = 60_000;

let bed: Testbed;
beforeEach(async () => {
  bed = await openTestbed();
});
afterEach(async () => {
  await bed.close();
});

const events = (count: number) => Array.from({ length: count }, () => outage(newId(), 1));
const count = async (table: string): Promise<number> =>
  (await query<{ rows: number }>(bed.db, `select count(*)::integer as rows from ${table}`))[0]?.rows ?? -1;

describe('kill -9 of a hearer', () => {
  test(
    'between storing and committing the offset: the records come again and are applied once',
    async () => {
      // Each waits a moment for the version before it, so all are stored.
      await bed.produce(Array.from({ length: 200 }, () => recordOf(outage(newId(), 2))));

      await runMortal(bed, { role: 'hearer', failpoint: 'inbox.stored' });
      const storedBefore = await count('inbox');
      await bed.run([hearOutages()]);
      await until(async () => (await count('effect')) === 200, { describe: 'all effects', deadlineMs: SESSION_MS });

      expect(storedBefore).toBeGreaterThan(0);
      expect(await count('inbox')).toBe(200);
      expect(await count('inbox_pending')).toBe(0);
    },
    SESSION_MS + 20_000,
  );

  test('between effects and their commit: nothing of it stays, and a second life applies them once', async () => {
    await bed.produce(events(50).map(recordOf));

    await runMortal(bed, { role: 'hearer', failpoint: 'inbox.applied' });
    expect(await count('effect')).toBe(0);
    await bed.run([hearOutages()], { service: 'second' });
    await bed.seen('applied', 50);

    expect(await count('effect')).toBe(50);
    // The note of an attempt is taken off after its effects are committed.
    await until(async () => (await count('inbox_attempt')) === 0, { describe: 'no attempt noted' });
  });

  test('after the commit: nothing is applied again', async () => {
    await bed.produce(events(50).map(recordOf));

    await runMortal(bed, { role: 'hearer', failpoint: 'inbox.committed' });
    const before = await count('effect');
    await bed.run([hearOutages()], { service: 'second' });
    await bed.seen('applied', 50 - before);

    expect(before).toBeGreaterThan(0);
    expect(await count('effect')).toBe(50);
  });

  test('by one of its records: three deaths, then that record is parked and all others are applied', async () => {
    const all = events(100);
    const deadly = all[37]?.eventId ?? '';
    await bed.produce(all.map(recordOf));

    for (const _life of ['first', 'second', 'third']) await runMortal(bed, { role: 'hearer', deadlyEvent: deadly });
    await bed.run([hearOutages()], { service: 'fourth' });
    await bed.seen('dead', 1);
    await until(async () => (await count('effect')) === 99, { describe: 'all other effects' });
    // What was stored before a death and arrives once more is applied on arrival; its stored row goes a moment later.
    await until(async () => (await count('inbox_pending')) === 0, { describe: 'nothing pending' });

    expect(await count('effect')).toBe(99);
    expect(await listDeadLetters(bed.db)).toMatchObject([
      { reason: 'crashes', detail: expect.stringContaining('3 times') },
    ]);
  });
});

describe('kill -9 of the relay', () => {
  test('between acknowledgement and mark: the next one sends again, and the hearer suppresses it', async () => {
    await say(bed.db, ...events(20));

    await runMortal(bed, { role: 'relay', failpoint: 'relay.acked' });
    expect(await count('outbox where published_at is not null')).toBe(0);
    await bed.relay();
    await bed.run([hearOutages()]);
    await bed.seen('applied', 20);
    await bed.seen('repeated', 20);

    expect(await count('effect')).toBe(20);
    await until(async () => (await count('outbox where published_at is null')) === 0, { describe: 'all marked' });
  });
});
