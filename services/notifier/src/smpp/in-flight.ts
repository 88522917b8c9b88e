import type { Part } from './slices.ts';

/** The parts that are written and not answered, by sequence number. */
export type InFlight = {
  size(): number;
  add(sequence: number, part: Part): void;
  /** Takes out the part that a response answers; undefined when it answers none. */
  answered(sequence: number): Part | undefined;
  /** Takes out those written at or before `until` (monotonic milliseconds), oldest first. */
  overdue(until: number): Part[];
};

/** Makes an empty set of parts in flight. */
export function inFlight(): InFlight {
  const parts = new Map<number, Part>();
  return {
    size: () => parts.size,
    add: (sequence, part) => void parts.set(sequence, part),
    answered: (sequence) => {
      const part = parts.get(sequence);
      if (part !== undefined) parts.delete(sequence);
      return part;
    },
    overdue: (until) => {
      const found: Part[] = [];
      // A Map keeps the order of entry, which is the order of writing.
      for (const [sequence, part] of parts) {
        if (part.writtenAt > until) break;
        parts.delete(sequence);
        found.push(part);
      }
      return found;
    },
  };
}
