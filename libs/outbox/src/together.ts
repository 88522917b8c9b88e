import { setImmediate as endOfTurn } from 'node:timers/promises';

type Call<T> = { items: readonly T[]; resolve(): void; reject(error: unknown): void };

/**
 * Lets calls that come while one is at work wait, and does them all in one: the records of twelve partitions are one statement and one
 * commit instead of twelve. When it fails, each call is tried once more alone, so that one partition does not hold up the others; a call
 * rejects when that fails.
 */
export function batchCalls<T>(work: (items: readonly T[]) => Promise<void>): (items: readonly T[]) => Promise<void> {
  let waiting: Call<T>[] = [];
  let isWorking = false;

  const doAll = async (calls: readonly Call<T>[]): Promise<void> => {
    try {
      await work(calls.flatMap(({ items }) => items));
      for (const { resolve } of calls) resolve();
    } catch (error) {
      if (calls.length > 1) for (const call of calls) await doAll([call]);
      else for (const { reject } of calls) reject(error);
    }
  };
  const workOff = async (): Promise<void> => {
    isWorking = true;
    await endOfTurn(); // a fetch gives its partitions one after another: the first takes its neighbours along
    while (waiting.length > 0) {
      const calls = waiting;
      waiting = [];
      await doAll(calls);
    }
    isWorking = false;
  };
  return (items) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ items, resolve, reject });
    if (!isWorking) void workOff();
    return promise;
  };
}
