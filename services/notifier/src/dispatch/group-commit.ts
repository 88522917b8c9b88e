/** Collects items while a flush is under way, and flushes them together when it has committed. */
export interface GroupCommit<T> {
  /** This function will resolve when the items are committed. It never rejects: a failing flush is tried again for as long as the process lives. */
  add(items: readonly T[]): Promise<void>;
  /** This function will resolve when everything added so far is committed. */
  settled(): Promise<void>;
}

/** How a failed flush is told, and how long it waits before it is tried again. */
export interface GroupCommitOptions {
  onFailure: (error: unknown, failuresInARow: number) => void;
  retryAfterMs: (failuresInARow: number) => number;
}

/**
 * This function will make a group commit without a timer: a flush starts as soon as the previous one has committed
 * (notifier.md, 8). What waits is bounded by the callers, who wait for their own items.
 */
export function groupCommit<T>(
  flush: (items: readonly T[]) => Promise<void>,
  options: GroupCommitOptions,
): GroupCommit<T> {
  let waiting: T[] = [];
  let next = Promise.withResolvers<void>();
  let running: Promise<void> | null = null;

  const flushUntilCommitted = async (items: readonly T[]) => {
    for (let failures = 0; ; ) {
      try {
        return await flush(items);
      } catch (error) {
        failures += 1;
        options.onFailure(error, failures);
        await new Promise((resolve) => setTimeout(resolve, options.retryAfterMs(failures)));
      }
    }
  };
  const drain = async () => {
    while (waiting.length > 0) {
      const [items, committed] = [waiting, next];
      waiting = [];
      next = Promise.withResolvers<void>();
      await flushUntilCommitted(items);
      committed.resolve();
    }
    running = null;
  };

  return {
    add(items) {
      if (items.length === 0) return Promise.resolve();
      for (const item of items) waiting.push(item);
      const committed = next.promise;
      running ??= drain();
      return committed;
    },
    async settled() {
      while (running !== null) await running;
    },
  };
}
