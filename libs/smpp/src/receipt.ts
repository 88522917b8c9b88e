import { messageOctets } from './message-text.ts';
import { parseReceiptText } from './receipt-text.ts';
import { dataCodings } from './segment.ts';
import type { ShortMessage } from './short-message.ts';
import { findIntegerTlv, findTextTlv, tlvTags } from './tlv.ts';
import { decodeUcs2 } from './ucs-2.ts';
import { readUserData } from './user-data-header.ts';

/** State of a message: SMPP 3.4, 5.2.28 message_state; the words are those of a receipt's text (appendix B). */
export const messageStates = {
  ENROUTE: 1,
  DELIVRD: 2,
  EXPIRED: 3,
  DELETED: 4,
  UNDELIV: 5,
  ACCEPTD: 6,
  UNKNOWN: 7,
  REJECTD: 8,
} as const;

/** A state's word in a receipt. */
export type MessageState = keyof typeof messageStates;

const stateByValue = new Map<number, MessageState>(
  Object.entries(messageStates).map(([word, value]) => [value, word as MessageState]),
);

/** esm_class bits 5 to 2 (5.2.12): what kind of message it is. */
const MESSAGE_TYPE_MASK = 0x3c;
const SMSC_DELIVERY_RECEIPT = 0x04;
const INTERMEDIATE_NOTIFICATION = 0x20;

/** esm_class of a delivery receipt. */
export const ESM_CLASS_RECEIPT: number = SMSC_DELIVERY_RECEIPT;

/** Tells whether a deliver_sm is a delivery receipt or an intermediate notification, and no message from a handset. */
export const isReceipt = (esmClass: number): boolean => {
  const type = esmClass & MESSAGE_TYPE_MASK;
  return type === SMSC_DELIVERY_RECEIPT || type === INTERMEDIATE_NOTIFICATION;
};

/** A delivery receipt. */
export type Receipt = {
  /** The message it speaks of, raw: receipted_message_id when given, else the text's `id`. */
  readonly messageId: string;
  /** The text's `id` when it differs from `messageId` (hex in one, decimal in the other happens). */
  readonly otherMessageId: string | undefined;
  /** message_state when given, else the text's `stat`; UNKNOWN when neither says a state of the spec. */
  readonly state: MessageState;
  /** The text's `err`, raw. */
  readonly errorCode: string;
  /** The text's `done date`, raw: see `parseReceiptDate`. */
  readonly doneDate: string;
  /** The handset: a receipt's source is the message's destination. */
  readonly handset: string;
};

/** Five letters tell the states apart, and forgive `DELIVERED` (5.2.28) for `DELIVRD` (appendix B). */
const TELLING_LETTERS = 5;
const stateByLetters = new Map(
  (Object.keys(messageStates) as MessageState[]).map((word) => [word.slice(0, TELLING_LETTERS), word]),
);

const wordOf = (stat: string): MessageState | undefined =>
  stateByLetters.get(stat.slice(0, TELLING_LETTERS).toUpperCase());

/** A receipt is written by a machine in ASCII, whatever data_coding 0 says: read as GSM-7, an id's `_` became `§`. */
const receiptOctetsText = (sm: ShortMessage): string => {
  const { text } = readUserData(sm.esmClass, messageOctets(sm));
  const read = sm.dataCoding === dataCodings['ucs-2'] ? decodeUcs2(text) : text.toString('latin1');
  return read.replace(/\0+$/, '');
};

/**
 * Reads the receipt in a deliver_sm for which `isReceipt` holds, from its optional parameters and its text (which may
 * be UCS-2 or stand in message_payload). Undefined when no message id is in either.
 */
export const readReceipt = (sm: ShortMessage): Receipt | undefined => {
  const inText = parseReceiptText(receiptOctetsText(sm));
  const inTlv = findTextTlv(sm.tlvs, tlvTags.receiptedMessageId) || undefined;
  const messageId = inTlv ?? inText?.id ?? '';
  if (messageId === '') return undefined;
  const stateTlv = findIntegerTlv(sm.tlvs, tlvTags.messageState);
  const otherId = inText?.id ?? '';
  return {
    messageId,
    otherMessageId: otherId === '' || otherId === messageId ? undefined : otherId,
    state:
      (stateTlv === undefined ? undefined : stateByValue.get(stateTlv)) ?? wordOf(inText?.state ?? '') ?? 'UNKNOWN',
    errorCode: inText?.error ?? '',
    doneDate: inText?.doneDate ?? '',
    handset: sm.sourceAddr,
  };
};
