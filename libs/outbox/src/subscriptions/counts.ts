/** Counters that only go up, by name. */
export type Counts = { add(name: string, by?: number): void; read(): Record<string, number> };

/** Batches met that cannot be read. */
export const UNREADABLE_BATCHES = 'unreadable_batches_total';

/** Opens counters at zero; those named here are shown before they first count. */
export function openCounts(names: readonly string[]): Counts {
  const values = new Map(names.map((name) => [name, 0]));
  return {
    add: (name, by = 1) => {
      values.set(name, (values.get(name) ?? 0) + by);
    },
    read: () => Object.fromEntries(values),
  };
}
