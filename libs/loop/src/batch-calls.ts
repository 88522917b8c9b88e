import { setImmediate as endOfTurn } from 'node:timers/promises';
import { collectWhileBusy } from './collect-while-busy.ts';

type Call<T> = { readonly items: readonly T[]; resolve(): void; reject(error: unknown): void };

/**
 * Makes a function whose calls wait while one is at work, and are then done all in one: the records of twelve partitions are one statement
 * and one commit instead of twelve. When it fails, each call is tried once more alone, so that one partition does not hold up the others; a
 * call rejects when that fails.
 */
export function batchCalls<T>(work: (items: readonly T[]) => Promise<void>): (items: readonly T[]) => Promise<void> {
  const doAll = async (calls: readonly Call<T>[]): Promise<void> => {
    try {
      await work(calls.flatMap(({ items }) => items));
      for (const { resolve } of calls) resolve();
    } catch (error) {
      if (calls.length > 1) for (const call of calls) await doAll([call]);
      else for (const { reject } of calls) reject(error);
    }
  };
  const calls = collectWhileBusy(doAll);
  return (items) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    calls.add({ items, resolve, reject });
    // A fetch gives its partitions one after another: the first takes its neighbours along.
    void endOfTurn().then(calls.start);
    return promise;
  };
}
