import { collectWhileBusy } from '@bijli/loop';
import { isDataError } from '@bijli/postgres';

/** Collects items while a flush is under way, and flushes them together when it has committed. */
export type GroupCommit<T> = {
  /**
   * Resolves when the items are committed, or put aside because their data are refused. It never rejects: a flush that
   * fails for any other reason is tried again for as long as the process lives.
   */
  add(items: readonly T[]): Promise<void>;
  /** Resolves when everything added so far is committed. */
  settled(): Promise<void>;
};

/** How a failed flush is told, and how long it waits before it is tried again. */
export type Retrying = {
  readonly onFailure: (error: unknown, failuresInARow: number) => void;
  readonly retryAfterMs: (failuresInARow: number) => number;
};

/** What a group commit does with its items. */
export type GroupCommitInput<T> = Retrying & {
  readonly flush: (items: readonly T[]) => Promise<void>;
  /** Puts one item aside for good, by name; tried again like a flush. What it stores must be of our own making. */
  readonly park: (item: T, error: unknown) => Promise<void>;
};

/**
 * Makes a group commit without a timer: a flush starts as soon as the previous one has committed. What waits is bounded by
 * the callers, who wait for their own items. Items come from other systems: when the data of a flush are refused, it is
 * halved until the culprit is alone, which is parked, and all others are committed.
 */
export function groupCommit<T>({ flush, park, onFailure, retryAfterMs }: GroupCommitInput<T>): GroupCommit<T> {
  /** Resolves with the error when the data are refused; tries again whatever else is wrong. */
  const refusalOf = async (work: () => Promise<void>): Promise<{ error: unknown } | null> => {
    for (let failures = 1; ; failures += 1) {
      try {
        await work();
        return null;
      } catch (error) {
        if (isDataError(error)) return { error };
        onFailure(error, failures);
        await new Promise((resolve) => setTimeout(resolve, retryAfterMs(failures)));
      }
    }
  };
  const parkOne = async (item: T, error: unknown): Promise<void> => {
    const refusal = await refusalOf(() => park(item, error));
    if (refusal !== null) onFailure(refusal.error, 1);
  };
  const commit = async (items: readonly T[]): Promise<void> => {
    const refusal = await refusalOf(() => flush(items));
    if (refusal === null) return;
    const [first, ...others] = items;
    if (first === undefined) return;
    if (others.length === 0) return parkOne(first, refusal.error);
    const half = items.length >>> 1;
    await commit(items.slice(0, half));
    await commit(items.slice(half));
  };
  const flushes = collectWhileBusy<Added<T>>(async (added) => {
    await commit(added.flatMap(({ items }) => items));
    for (const { resolve } of added) resolve();
  });

  return {
    add(items) {
      if (items.length === 0) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      flushes.add({ items, resolve });
      flushes.start();
      return promise;
    },
    settled: flushes.idle,
  };
}

type Added<T> = { readonly items: readonly T[]; resolve(): void };
