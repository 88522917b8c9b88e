import type { AcceptedPart } from '../dispatch/held-chunk.ts';

/** The parts whose receipts may still come, by the provider's message id. */
export type ReceiptBook = {
  enter(part: AcceptedPart): void;
  /** Finds the part of a receipt; null when the id is unknown or was given to another handset. */
  find(providerMessageId: string, handset: string): AcceptedPart | null;
  size(): number;
};

/**
 * Opens a book that holds the latest parts, from half of `capacity` up to it. What is not in the book is found later in the ledger (match-orphans.ts):
 * the book is a shortcut, never the truth. Two maps take turns, and the older is dropped as a whole: a map from which the oldest
 * are taken one by one spends more time on the holes that they leave than on what is entered.
 */
export function receiptBook(capacity: number): ReceiptBook {
  const half = Math.ceil(capacity / 2);
  let latest = new Map<string, AcceptedPart>();
  let before: ReadonlyMap<string, AcceptedPart> = new Map();
  return {
    enter(part) {
      if (latest.size >= half && !latest.has(part.providerMessageId)) [before, latest] = [latest, new Map()];
      latest.set(part.providerMessageId, part);
    },
    find(providerMessageId, handset) {
      const part = latest.get(providerMessageId) ?? before.get(providerMessageId);
      return part !== undefined && part.destination === handset ? part : null;
    },
    size: () => latest.size + before.size,
  };
}
