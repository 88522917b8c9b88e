import { collectWhileBusy } from '@bijli/loop';
import { commandStatus } from '@bijli/smpp';

/** Takes requests of the provider that are answered only when what they carry is committed. */
export type AnswerAfter<Request, Item> = {
  add(request: Request, item: Item): void;
  /** Hands over what was added, unless a batch is under way: that one does it when it is done. */
  start(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
};

/** How a batch is committed and answered. */
export type AnswerAfterInput<Request, Item> = {
  /** Rejects only while nothing can be committed at all: an item that never can be is the caller's to put aside. */
  commit(items: readonly Item[]): Promise<void>;
  answer(requests: readonly Request[], status: number): void;
  onFailure(error: unknown, items: number): void;
};

/** A provider without a window shall not fill the memory: beyond this many, requests are put off. */
const MOST_WAITING = 10_000;

/**
 * Makes a group commit without a timer: one batch at a time, and what arrives meanwhile is the next.
 * A batch that fails is answered with ESME_RX_T_APPN, so that the provider offers it again.
 */
export function answerAfter<Request, Item>({
  commit,
  answer,
  onFailure,
}: AnswerAfterInput<Request, Item>): AnswerAfter<Request, Item> {
  const batches = collectWhileBusy<{ request: Request; item: Item }>(async (batch) => {
    let status: number = commandStatus.ESME_ROK;
    try {
      await commit(batch.map(({ item }) => item));
    } catch (error) {
      status = commandStatus.ESME_RX_T_APPN;
      onFailure(error, batch.length);
    }
    answer(
      batch.map(({ request }) => request),
      status,
    );
  });

  return {
    add: (request, item) => {
      if (batches.waiting() < MOST_WAITING) batches.add({ request, item });
      else answer([request], commandStatus.ESME_RX_T_APPN);
    },
    start: batches.start,
    idle: batches.idle,
  };
}
