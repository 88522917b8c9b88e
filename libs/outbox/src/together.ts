import { setImmediate as endOfTurn } from 'node:timers/promises';

type Call<T> = { items: readonly T[]; resolve(): void; reject(error: unknown): void };

/**
 * Lets calls that come while one is at work wait, and does them all in one: the records of twelve partitions are one statement and one
 * commit instead of twelve. A call rejects when the work that it was part of did.
 */
export function together<T>(work: (items: readonly T[]) => Promise<void>): (items: readonly T[]) => Promise<void> {
  let waiting: Call<T>[] = [];
  let isWorking = false;

  const workOff = async (): Promise<void> => {
    isWorking = true;
    await endOfTurn(); // a fetch gives its partitions one after another: the first takes its neighbours along
    while (waiting.length > 0) {
      const calls = waiting;
      waiting = [];
      try {
        await work(calls.flatMap(({ items }) => items));
        for (const { resolve } of calls) resolve();
      } catch (error) {
        for (const { reject } of calls) reject(error);
      }
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
