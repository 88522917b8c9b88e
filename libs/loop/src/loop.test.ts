import { until } from '@bijli/testing';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Loop } from './loop.ts';
import { openLoop } from './loop.ts';

const HOUR_MS = 3_600_000;
const warnings: object[] = [];
const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields: object) => void warnings.push(fields),
  error: () => undefined,
};
let loop: Loop;

afterEach(async () => {
  await loop.stop();
});

/** A loop that does what it is told, round by round, and then has nothing to do. */
function opened(rounds: (() => Promise<boolean>)[]): { done: () => number } {
  let done = 0;
  const round = async (): Promise<boolean> => {
    done += 1;
    return (await rounds.shift()?.()) ?? false;
  };
  loop = openLoop({ name: 'test', idleMs: HOUR_MS, log, round });
  loop.start();
  return { done: () => done };
}

const more = async (): Promise<boolean> => true;
const nothing = async (): Promise<boolean> => false;
const seen = (done: () => number, rounds: number) => until(() => done() === rounds, { describe: `${rounds} rounds` });

describe('openLoop', () => {
  test('goes on at once while there is work, then waits', async () => {
    const { done } = opened([more, more, more, nothing]);

    await seen(done, 4);
    expect(loop.busySince()).toBeNull();
  });

  test('is woken from its wait', async () => {
    const { done } = opened([nothing]);
    await seen(done, 1);

    loop.wake();

    await seen(done, 2);
  });

  test('does not lose a call that came while it was busy', async () => {
    const { done } = opened([
      async () => {
        loop.wake();
        return false;
      },
    ]);

    await seen(done, 2);
  });

  test('begins a round when one is due, long before it would by itself', async () => {
    const { done } = opened([
      async () => {
        loop.wakeWithin(20);
        loop.wakeWithin(HOUR_MS); // the earlier counts
        return false;
      },
    ]);

    await seen(done, 2);
  });

  test('tries again after a failure, and tells of it without its message', async () => {
    const { done } = opened([
      async () => {
        throw Object.assign(new TypeError('98765 43210'), { code: 'E1' });
      },
    ]);

    await seen(done, 2);
    expect(warnings).toEqual([{ loop: 'test', error: 'TypeError E1' }]);
  });

  test('tells its owner of each failure, which may count it', async () => {
    const failures: unknown[] = [];
    const failure = new TypeError('no');
    let rounds = 0;
    const round = async (): Promise<boolean> => {
      rounds += 1;
      if (rounds === 1) throw failure;
      return false;
    };
    loop = openLoop({ name: 'test', idleMs: HOUR_MS, log, onFailure: (error) => failures.push(error), round });
    loop.start();

    await seen(() => rounds, 2);
    expect(failures).toEqual([failure]);
  });

  test('finishes the round that is running before it ends', async () => {
    const release = Promise.withResolvers<boolean>();
    const { done } = opened([() => release.promise]);
    await seen(done, 1);
    expect(loop.busySince()).not.toBeNull();

    const stopped = loop.stop().then(() => 'stopped');
    expect(await Promise.race([stopped, Promise.resolve('still running')])).toBe('still running');
    release.resolve(true);

    expect(await stopped).toBe('stopped');
    expect(done()).toBe(1);
  });
});
