import type { LinkCounters } from './link-counters.ts';
import type { OutgoingMessage, SliceHandling, SubmitOutcome } from './messages.ts';

/** A slice under way. */
export type Slice = {
  readonly handling: SliceHandling;
  /** Outcomes that were not handed over yet. */
  outcomes: SubmitOutcome[];
  /** Parts without outcome. */
  open: number;
  readonly finish: () => void;
};

/** One part that waits to be written, or for its answer. */
export type Part = {
  readonly slice: Slice;
  readonly message: OutgoingMessage;
  readonly partNo: number;
  /** Monotonic milliseconds; set when written. */
  writtenAt: number;
};

/** The parts that are not written yet, in the order of their slices; and the way outcomes go back. */
export type Slices = {
  /** Queues the parts of a slice; `finished` resolves when each has an outcome. */
  add(messages: readonly OutgoingMessage[], handling: SliceHandling): { slice: Slice; finished: Promise<void> };
  /** Gives the next part without taking it. */
  peek(): Part | undefined;
  take(): void;
  /** Puts back the latest `n` that were taken. */
  putBack(n: number): void;
  /** Settles what waits as not written: of the given slices, or all. */
  giveUp(slices?: ReadonlySet<Slice>): void;
  settle(part: Part, outcome: SubmitOutcome): void;
  /** Hands over the outcomes gathered since the last time. */
  report(): void;
  waiting(): number;
};

/** Taken parts are forgotten in bulk, so that taking one costs nothing. */
const FORGET_AFTER = 1_024;

/** Makes an empty queue of parts. */
export function slices(counters: LinkCounters): Slices {
  let parts: Part[] = [];
  let head = 0;
  const touched = new Set<Slice>();

  const settle = (part: Part, outcome: SubmitOutcome): void => {
    part.slice.outcomes.push(outcome);
    part.slice.open -= 1;
    touched.add(part.slice);
  };
  const giveUp = (given?: ReadonlySet<Slice>): void => {
    const waiting = parts.slice(head);
    const isGivenUp = (part: Part) => given === undefined || given.has(part.slice);
    parts = waiting.filter((part) => !isGivenUp(part));
    head = 0;
    for (const part of waiting.filter(isGivenUp)) {
      counters.notWritten += 1;
      settle(part, { ref: part.message.ref, partNo: part.partNo, kind: 'not-written' });
    }
  };

  return {
    add: (messages, handling) => {
      const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
      const slice: Slice = { handling, outcomes: [], open: 0, finish };
      for (const message of messages) {
        for (const partNo of message.partsToSend ?? message.parts.map((_, index) => index + 1)) {
          parts.push({ slice, message, partNo, writtenAt: 0 });
          slice.open += 1;
        }
      }
      if (slice.open === 0) finish();
      return { slice, finished };
    },
    peek: () => parts[head],
    take: () => {
      head += 1;
    },
    putBack: (n) => {
      head -= n;
    },
    giveUp,
    settle,
    report: () => {
      if (head > FORGET_AFTER) {
        parts = parts.slice(head);
        head = 0;
      }
      for (const slice of touched) {
        const { outcomes } = slice;
        slice.outcomes = [];
        slice.handling.onOutcomes(outcomes);
        if (slice.open === 0) slice.finish();
      }
      touched.clear();
    },
    waiting: () => parts.length - head,
  };
}
