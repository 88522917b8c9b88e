/** Waiting that can be cut short. */
export type InterruptibleSleep = {
  /** Resolves after `ms` milliseconds, or at the next wake. */
  sleep(ms: number): Promise<void>;
  wake(): void;
};

/** Makes sleeps that one wake ends together. */
export function interruptibleSleep(): InterruptibleSleep {
  const sleepers = new Set<() => void>();
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          sleepers.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        sleepers.add(wake);
      }),
    wake() {
      for (const wake of [...sleepers]) wake();
    },
  };
}
