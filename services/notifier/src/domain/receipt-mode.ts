/**
 * Of which parts of a long text a carrier sends receipts: of all, of any one for the whole text, or of the last for the
 * whole text.
 */
export const receiptModes = ['all', 'any', 'last'] as const;
export type ReceiptMode = (typeof receiptModes)[number];

/**
 * Tells whether the receipts of a text of so many parts can be counted: one that speaks for the whole text counts for each
 * part that was accepted, which is known when every part has its outcome.
 */
export function isCountable(mode: ReceiptMode, parts: number, isSettled: boolean): boolean {
  return mode === 'all' || parts === 1 || isSettled;
}
