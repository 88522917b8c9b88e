/** What a receipt says of a message part: still on its way, one of the two ends, or an end in a word of the carrier's own. */
export type ReceiptState = 'underway' | 'delivered' | 'failed' | 'other';

/**
 * States of SMPP 3.4, 5.2.28 and appendix B, as libs/smpp reads them; SCHEDULED is SMPP 5.0's (4.7.15), and FAILED what
 * carriers write whose manuals list it as an end. UNKNOWN is an end of which nobody knows more.
 */
const STATES: Readonly<Record<string, ReceiptState>> = {
  SCHEDULED: 'underway',
  ENROUTE: 'underway',
  ACCEPTD: 'underway',
  DELIVRD: 'delivered',
  EXPIRED: 'failed',
  DELETED: 'failed',
  UNDELIV: 'failed',
  REJECTD: 'failed',
  FAILED: 'failed',
};

/**
 * Tells what a receipt's word means. A word outside the standard is an end too: receipts are asked for at the end only. It
 * says nothing of the number, and gives way to a known end that comes later.
 */
export function receiptState(stat: string): ReceiptState {
  return STATES[stat] ?? 'other';
}

const statsOf = (state: ReceiptState): readonly string[] =>
  Object.keys(STATES).filter((stat) => STATES[stat] === state);

/** The words of each state that has words of its own. */
export const STATS: Readonly<Record<Exclude<ReceiptState, 'other'>, readonly string[]>> = {
  underway: statsOf('underway'),
  delivered: statsOf('delivered'),
  failed: statsOf('failed'),
};
