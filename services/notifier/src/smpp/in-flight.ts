import type { Part } from './slices.ts';

/** The parts that are written and not answered, by sequence number. */
export type InFlight = {
  size(): number;
  add(sequence: number, part: Part): void;
  /** Takes out the part that a response answers; undefined when it answers none. */
  answered(sequence: number): Part | undefined;
  /** Takes out the part that a response answers after its time; undefined when it answers none. */
  answeredLate(sequence: number): Part | undefined;
  /** Takes out those written at or before `until` (monotonic milliseconds), oldest first. Their answers may still come. */
  overdue(until: number): Part[];
};

/** Answers that are late by more messages than this are not waited for. */
const MOST_LATE = 100_000;

/** Makes an empty set of parts in flight. */
export function inFlight(): InFlight {
  const parts = new Map<number, Part>();
  const late = new Map<number, Part>();
  const taken = (from: Map<number, Part>, sequence: number): Part | undefined => {
    const part = from.get(sequence);
    if (part !== undefined) from.delete(sequence);
    return part;
  };
  return {
    size: () => parts.size,
    add: (sequence, part) => void parts.set(sequence, part),
    answered: (sequence) => taken(parts, sequence),
    answeredLate: (sequence) => taken(late, sequence),
    overdue: (until) => {
      const found: Part[] = [];
      // A Map keeps the order of entry, which is the order of writing.
      for (const [sequence, part] of parts) {
        if (part.writtenAt > until) break;
        parts.delete(sequence);
        found.push(part);
        if (late.size < MOST_LATE) late.set(sequence, part);
      }
      return found;
    },
  };
}
