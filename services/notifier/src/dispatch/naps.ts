/** Waiting that can be cut short. */
export interface Naps {
  /** Resolves after `ms` milliseconds, or at the next wake. */
  nap(ms: number): Promise<void>;
  wake(): void;
}

/** Makes naps that one wake ends together. */
export function naps(): Naps {
  const sleepers = new Set<() => void>();
  return {
    nap: (ms) =>
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
