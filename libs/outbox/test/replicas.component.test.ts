import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WatchedComponent } from '@bijli/loop';
import type { Heard } from '../src/index.ts';
import type { Outage } from './outages.ts';
import { hearOutages, outage, recordEffects, recordOf } from './outages.ts';
import type { Testbed } from './testbed.ts';
import { openTestbed } from './testbed.ts';

let bed: Testbed;
beforeEach(async () => {
  bed = await openTestbed();
});
afterEach(async () => {
  await bed.close();
});

type Effect = { readonly key: string; readonly version: number };

describe('two replicas of a service', () => {
  test('share the work, never one key at once, and each key keeps its order', async () => {
    const keys = Array.from({ length: 40 }, () => newId());
    const versions = Array.from({ length: 25 }, (_, index) => index + 1);
    const inHand = new Map<string, string>();
    const clashes: string[] = [];
    const workedBy = { one: 0, two: 0 };
    /** Takes a while over its events, so that the other would be caught in the act. */
    const applyAs = (replica: 'one' | 'two') => async (tx: Transaction, heard: readonly Heard<Outage>[]) => {
      const mine = new Set(heard.map(({ event }) => event.aggregateId));
      for (const key of mine) if (inHand.has(key)) clashes.push(key);
      for (const key of mine) inHand.set(key, replica);
      await query(tx, 'select pg_sleep(0.005)');
      await recordEffects(tx, heard);
      workedBy[replica] += heard.length;
      for (const key of mine) inHand.delete(key);
    };
    const small = { settings: { batchRows: 20 } };
    const replicas = [
      await bed.run([hearOutages('latest-wins', applyAs('one'))], small),
      await bed.run([hearOutages('latest-wins', applyAs('two'))], small),
    ];
    const inGroup = ({ ready }: WatchedComponent): boolean => ready().ok && ready().detail === undefined;
    await until(() => replicas.every(inGroup), { describe: 'both in their group' });

    await bed.produce(versions.flatMap((version) => keys.map((key) => recordOf(outage(key, version)))));
    await bed.seen('applied', keys.length * versions.length);

    const effects = await query<Effect>(bed.db, 'select key, version from effect order by position');
    const byKey = Map.groupBy(effects, ({ key }) => key);
    expect(clashes).toEqual([]);
    expect([...byKey.values()].every((of) => of.every(({ version }, index) => version === index + 1))).toBe(true);
    expect(workedBy.one).toBeGreaterThan(0);
    expect(workedBy.two).toBeGreaterThan(0);
  });

  test('one that is gone leaves its stored records to the other', async () => {
    const lockTimeout = Object.assign(new Error('lock timeout'), { code: '55P03', severity: 'ERROR' });
    const leaver = await bed.run([hearOutages('latest-wins', () => Promise.reject(lockTimeout))], {
      service: 'leaver',
    });
    await bed.produce([recordOf(outage(newId(), 1))]);
    await bed.seen('parked', 1);
    await leaver.stop();

    await bed.run([hearOutages()], { service: 'other' });

    await bed.seen('applied', 1);
  });
});
