/** Waiting that can be cut short. */
export interface Naps {
  /** This function will resolve after the nap, or at the next wake. */
  nap(): Promise<void>;
  wake(): void;
}

/** This function will make naps of `ms` milliseconds. */
export function naps(ms: number): Naps {
  const sleepers = new Set<() => void>();
  return {
    nap: () =>
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
