import type { AcceptedPart } from '../dispatch/chunk-progress.ts';

/** The parts whose receipts may still come, by the provider's message id. */
export interface ReceiptBook {
  enter(part: AcceptedPart): void;
  /** This function will find the part of a receipt; null when the id is unknown or was given to another handset. */
  find(providerMessageId: string, handset: string): AcceptedPart | null;
  size(): number;
}

/**
 * This function will open a book of at most `capacity` parts; the oldest makes room. What is not in the book is found
 * later in the ledger (match-orphans.ts): the book is a shortcut, never the truth.
 */
export function receiptBook(capacity: number): ReceiptBook {
  const parts = new Map<string, AcceptedPart>();
  return {
    enter(part) {
      // An id used again belongs to the newer message; deleted first, so that the map keeps the order of entry.
      parts.delete(part.providerMessageId);
      parts.set(part.providerMessageId, part);
      if (parts.size > capacity) for (const oldest of parts.keys()) return void parts.delete(oldest);
    },
    find(providerMessageId, handset) {
      const part = parts.get(providerMessageId);
      return part !== undefined && part.destination === handset ? part : null;
    },
    size: () => parts.size,
  };
}
