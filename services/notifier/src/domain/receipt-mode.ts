/**
 * Of which parts of a long text a carrier sends receipts: of all, of any one for the whole text, or of the last for the
 * whole text.
 */
export const receiptModes = ['all', 'any', 'last'] as const;
export type ReceiptMode = (typeof receiptModes)[number];
