/** Collects items while a flush is at work; they are the next one. */
export type Collector<T> = {
  add(item: T): void;
  /** How many items wait for a flush. */
  waiting(): number;
  /** Begins a flush of what waits, unless one is at work: that one is followed by the next by itself. */
  start(): void;
  /** Resolves when nothing is at work and nothing that was started waits. */
  idle(): Promise<void>;
};

/** Makes a collector: one `flush` at a time, without a timer. `flush` must not reject: what fails is its own to tell. */
export function collectWhileBusy<T>(flush: (items: readonly T[]) => Promise<void>): Collector<T> {
  let waiting: T[] = [];
  let running: Promise<void> | null = null;

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const items = waiting;
      waiting = [];
      await flush(items);
    }
    running = null;
  };
  return {
    add: (item) => void waiting.push(item),
    waiting: () => waiting.length,
    start: () => {
      if (waiting.length > 0) running ??= run();
    },
    idle: async () => {
      while (running !== null) await running;
    },
  };
}
