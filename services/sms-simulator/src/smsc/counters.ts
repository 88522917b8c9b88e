/** What the SMSC counts, since its start. */
export type SmscCounters = {
  sessions: number;
  bindsRefused: number;
  submits: number;
  accepted: number;
  refused: number;
  throttled: number;
  unanswered: number;
  disconnected: number;
  receiptsSent: number;
  receiptsAnswered: number;
  /** Receipts that will be sent again: put off by the client, or not answered. */
  receiptsAgain: number;
  receiptsDropped: number;
  badPdus: number;
};

/** Opens counters at nought. */
export function smscCounters(): SmscCounters {
  return {
    sessions: 0,
    bindsRefused: 0,
    submits: 0,
    accepted: 0,
    refused: 0,
    throttled: 0,
    unanswered: 0,
    disconnected: 0,
    receiptsSent: 0,
    receiptsAnswered: 0,
    receiptsAgain: 0,
    receiptsDropped: 0,
    badPdus: 0,
  };
}
