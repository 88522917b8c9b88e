/** What a receipt says of a message part: still on its way, or one of the two ends. */
export type ReceiptState = 'underway' | 'delivered' | 'failed' | 'unknown';

/** States of SMPP 3.4, section 5.2.28 and Appendix B ("stat" of the receipt text, 7 characters). */
const STATES: Readonly<Record<string, ReceiptState>> = {
  ENROUTE: 'underway',
  ACCEPTD: 'underway',
  DELIVRD: 'delivered',
  EXPIRED: 'failed',
  DELETED: 'failed',
  UNDELIV: 'failed',
  REJECTD: 'failed',
  UNKNOWN: 'unknown',
};

/** This function will tell what a receipt's `stat` means. A word outside the standard counts as unknown, never as an end. */
export function receiptState(stat: string): ReceiptState {
  return STATES[stat.toUpperCase()] ?? 'unknown';
}

/** The words of the two ends: the first of them that comes for a part counts, later receipts are only recorded. */
export const FINAL_STATS: Readonly<Record<'delivered' | 'failed', readonly string[]>> = {
  delivered: Object.keys(STATES).filter((stat) => STATES[stat] === 'delivered'),
  failed: Object.keys(STATES).filter((stat) => STATES[stat] === 'failed'),
};
