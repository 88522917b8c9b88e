/** How a message id is written: many SMSCs use one way in the answer and another in the receipt. */
export type MessageIdFormat = 'decimal' | 'padded' | 'hex' | 'upper-hex';

/** How the SMSC misbehaves. Rates go from 0 (never) to 1 (always). */
export interface Behaviour {
  /** From a submit_sm to its answer. */
  answerDelayMs: number;
  /** Above so many submit_sm a second the answer is ESME_RTHROTTLED. */
  throttleAbovePerSecond: number | null;
  /** Share of submit_sm that get no answer at all. */
  noAnswerRate: number;
  /** Every so many submit_sm the connection is cut without an answer. */
  disconnectEverySubmits: number | null;
  /** Share of messages that fail the DLT scrub with error 630. */
  scrubErrorRate: number;
  /** Whether a scrub failure refuses the submit_sm, instead of coming in the receipt. */
  scrubRefusesSubmit: boolean;
  /** From the answer to the receipt, drawn evenly between both. */
  receiptDelayMs: { least: number; most: number };
  /** Share of receipts that leave before the answer to submit_sm. */
  earlyReceiptRate: number;
  /** Share of receipts that come `lateReceiptMs` later. */
  lateReceiptRate: number;
  lateReceiptMs: number;
  missingReceiptRate: number;
  /** Share of receipts that come twice. */
  repeatedReceiptRate: number;
  /** Share of receipts that are followed by a weaker one (ENROUTE). */
  weakerReceiptRate: number;
  /** Share of receipts that go to another connection than the message came from, when there is one. */
  otherBindReceiptRate: number;
  /** Of a message in parts only the last part gets a receipt. */
  lastPartReceiptOnly: boolean;
  messageIdInAnswer: MessageIdFormat;
  messageIdInReceipt: MessageIdFormat;
  /** Whether receipts carry receipted_message_id and message_state besides the text. */
  receiptParameters: boolean;
}

/** An SMSC as it should be. */
export const wellBehaved: Behaviour = {
  answerDelayMs: 0,
  throttleAbovePerSecond: null,
  noAnswerRate: 0,
  disconnectEverySubmits: null,
  scrubErrorRate: 0,
  scrubRefusesSubmit: false,
  receiptDelayMs: { least: 200, most: 800 },
  earlyReceiptRate: 0,
  lateReceiptRate: 0,
  lateReceiptMs: 5_000,
  missingReceiptRate: 0,
  repeatedReceiptRate: 0,
  weakerReceiptRate: 0,
  otherBindReceiptRate: 0,
  lastPartReceiptOnly: false,
  messageIdInAnswer: 'decimal',
  messageIdInReceipt: 'decimal',
  receiptParameters: true,
};
