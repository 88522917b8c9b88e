import { describe, expect, test } from '@jest/globals';
import { makeTown } from '@bijli/start/town';
import type { Ask } from './ask.ts';
import { chooseCast, peopleOf } from './cast.ts';

const town = makeTown();
const feeders = town.network.filter(({ kind }) => kind === 'feeder').map(({ code }) => code);

/** A system in which these feeders are dark. */
const system =
  (dark: readonly string[], knowsTown = true): Ask =>
  async <T>(_method: string, service: string, path: string) => {
    if (service === 'consumer-registry' && !knowsTown) throw new Error('404');
    if (path.includes('status=open')) return { items: [{ id: 'o' }] } as T;
    if (path.includes('status=announced')) return { items: [] } as T;
    return { nodeIds: dark } as T;
  };

describe('the cast of the demonstration', () => {
  test('is two neighbours on a feeder that has supply, who read different languages and share their mobile with nobody', async () => {
    const lit = feeders.slice(0, 3);
    const { feeder, hindi, english } = await chooseCast(system(feeders.slice(3)), town, () => 0.4);

    expect(lit).toContain(feeder.code);
    expect([hindi.language, english.language]).toEqual(['hi', 'en']);
    expect([hindi.feeder, english.feeder]).toEqual([feeder.code, feeder.code]);
    expect(peopleOf(town).filter(({ mobile }) => mobile === hindi.mobile)).toHaveLength(1);
  });

  test('says what to do when everything is dark, and when the town is not there', async () => {
    await expect(chooseCast(system(feeders), town)).rejects.toThrow(/every feeder of the town has an open outage/);
    await expect(chooseCast(system([], false), town)).rejects.toThrow(/demonstration town is not in this system/);
  });
});
