import { commandStatus } from '@bijli/smpp';

/** Takes requests of the provider that are answered only when what they carry is committed. */
export interface AnswerAfter<T> {
  add(sequence: number, item: T): void;
  /** This function will hand over what was added, unless a batch is under way: that one does it when it is done. */
  start(): void;
  /** This function will resolve when nothing is under way. */
  idle(): Promise<void>;
}

/** How a batch is committed and answered. */
export interface AnswerAfterInput<T> {
  commit(items: readonly T[]): Promise<void>;
  answer(sequences: readonly number[], status: number): void;
  onFailure(error: unknown, items: number): void;
}

/** A provider without a window shall not fill the memory: beyond this many, requests are put off. */
const MOST_WAITING = 10_000;

/**
 * This function will make a group commit without a timer: one batch at a time, and what arrives meanwhile is the next.
 * A batch that fails is answered with ESME_RX_T_APPN, so that the provider offers it again.
 */
export function answerAfter<T>({ commit, answer, onFailure }: AnswerAfterInput<T>): AnswerAfter<T> {
  let waiting: { sequence: number; item: T }[] = [];
  let running: Promise<void> | undefined;

  const commitBatch = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    let status: number = commandStatus.ESME_ROK;
    try {
      await commit(batch.map(({ item }) => item));
    } catch (error) {
      status = commandStatus.ESME_RX_T_APPN;
      onFailure(error, batch.length);
    }
    answer(
      batch.map(({ sequence }) => sequence),
      status,
    );
  };
  const run = async (): Promise<void> => {
    while (waiting.length > 0) await commitBatch();
    running = undefined;
  };

  return {
    add: (sequence, item) => {
      if (waiting.length < MOST_WAITING) waiting.push({ sequence, item });
      else answer([sequence], commandStatus.ESME_RX_T_APPN);
    },
    start: () => {
      if (waiting.length > 0) running ??= run();
    },
    idle: () => running ?? Promise.resolve(),
  };
}
