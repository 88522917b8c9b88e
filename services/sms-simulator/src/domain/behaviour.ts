/** How a message id is written: many SMSCs use one way in the answer and another in the receipt. */
export type MessageIdFormat = 'decimal' | 'padded' | 'hex' | 'upper-hex';

/** How the SMSC misbehaves. Rates go from 0 (never) to 1 (always). */
export type Behaviour = {
  /** From a submit_sm to its answer. */
  readonly answerDelayMs: number;
  /** Above so many submit_sm a second the answer is ESME_RTHROTTLED. */
  readonly throttleAbovePerSecond: number | null;
  /** Status that every submit_sm is refused with; null for none. */
  readonly refuseStatus: number | null;
  /** Share of submit_sm that get no answer at all. */
  readonly noAnswerRate: number;
  /** Every so many submit_sm the connection is cut without an answer. */
  readonly disconnectEverySubmits: number | null;
  /** Share of messages that fail the DLT scrub with error 630. */
  readonly scrubErrorRate: number;
  /** Whether a scrub failure refuses the submit_sm, instead of coming in the receipt. */
  readonly scrubRefusesSubmit: boolean;
  /** From the answer to the receipt, drawn evenly between both. */
  readonly receiptDelayMs: { least: number; most: number };
  /** Share of receipts that leave before the answer to submit_sm. */
  readonly earlyReceiptRate: number;
  /** Share of receipts that come `lateReceiptMs` later. */
  readonly lateReceiptRate: number;
  readonly lateReceiptMs: number;
  readonly missingReceiptRate: number;
  /** Share of receipts that come twice. */
  readonly repeatedReceiptRate: number;
  /** Share of receipts that are followed by a weaker one (ENROUTE). */
  readonly weakerReceiptRate: number;
  /** Share of receipts that go to another connection than the message came from, when there is one. */
  readonly otherBindReceiptRate: number;
  /** Of a message in parts only the last part gets a receipt. */
  readonly lastPartReceiptOnly: boolean;
  readonly messageIdInAnswer: MessageIdFormat;
  readonly messageIdInReceipt: MessageIdFormat;
  /** Whether receipts carry receipted_message_id and message_state besides the text. */
  readonly receiptParameters: boolean;
};

/** An SMSC as it should be. */
export const wellBehaved: Behaviour = {
  answerDelayMs: 0,
  throttleAbovePerSecond: null,
  refuseStatus: null,
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
