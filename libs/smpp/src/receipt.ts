import { commandStatus } from './command-status.ts';
import { type PduFault, pduFault } from './fault.ts';
import { messageOctets } from './message-text.ts';
import { messageWord, wordOfState } from './message-state.ts';
import { parseReceiptText, type ReceiptText } from './receipt-text.ts';
import { dataCodings } from './segment.ts';
import type { ShortMessage } from './short-message.ts';
import { findIntegerTlv, findTextTlv, findTlv, tlvTags } from './tlv.ts';
import { decodeUcs2 } from './ucs-2.ts';
import { readUserData } from './user-data-header.ts';

/** esm_class bits 5 to 2 (5.2.12): what kind of message it is. */
const MESSAGE_TYPE_MASK = 0x3c;
const SMSC_DELIVERY_RECEIPT = 0x04;
const INTERMEDIATE_NOTIFICATION = 0x20;

/** esm_class of a delivery receipt. */
export const ESM_CLASS_RECEIPT: number = SMSC_DELIVERY_RECEIPT;

/** Longest message_id with its NUL (5.2.23, 5.3.2.12). */
const MAX_MESSAGE_ID_OCTETS = 65;
/** An error code and a date have a few characters; what is longer says nothing more and would be kept for nothing. */
const MAX_WORD_LENGTH = 20;

/** A delivery receipt. */
export type Receipt = {
  /** The message it speaks of, raw: receipted_message_id when given, else the text's `id`. At most 65 characters. */
  readonly messageId: string;
  /** The text's `id` when it differs from `messageId` (hex in one, decimal in the other happens). At most 65 characters. */
  readonly otherMessageId: string | undefined;
  /**
   * A word of `messageStates` when message_state or the text's `stat` says one, in whatever spelling; else the word that
   * stands there, in capitals, at most 20 of A to Z, `_` and `-`; UNKNOWN when there is none.
   */
  readonly state: string;
  /** The text's `err`, raw, at most 20 characters. */
  readonly errorCode: string;
  /** The text's `done date`, raw, at most 20 characters: see `parseReceiptDate`. */
  readonly doneDate: string;
  /** The handset: a receipt's source is the message's destination. */
  readonly handset: string;
  /** The other address, which is the handset where an SMSC does not turn the addresses round. */
  readonly otherAddress: string;
};

/** A receipt is written by a machine in ASCII, whatever data_coding 0 says: read as GSM-7, an id's `_` became `§`. */
function receiptOctetsText(sm: ShortMessage): string {
  const { text } = readUserData(sm.esmClass, messageOctets(sm));
  const read = sm.dataCoding === dataCodings['ucs-2'] ? decodeUcs2(text) : text.toString('latin1');
  return read.replace(/\0+$/, '');
}

const typeOf = ({ esmClass }: ShortMessage): number => esmClass & MESSAGE_TYPE_MASK;

/**
 * Tells whether a deliver_sm or data_sm is a delivery receipt or an intermediate notification, and no message from a
 * handset: by esm_class, or, since many SMSCs do not set it, because it names a message by parameter, or by a text that
 * begins with an id and says a state.
 */
export function isReceipt(sm: ShortMessage): boolean {
  const type = typeOf(sm);
  if (type === SMSC_DELIVERY_RECEIPT || type === INTERMEDIATE_NOTIFICATION) return true;
  if (findTlv(sm.tlvs, tlvTags.receiptedMessageId) !== null) return true;
  const text = receiptOctetsText(sm);
  const read = /^\s*id\s*:/i.test(text) ? parseReceiptText(text) : null;
  return read !== null && read.id !== '' && read.state !== '';
}

/**
 * Reads the receipt in a deliver_sm or data_sm for which `isReceipt` holds, from its optional parameters and its text
 * (which may be UCS-2 or stand in message_payload). Null when no message id is in either; a fault when an id is
 * longer than an id can be.
 */
export function readReceipt(sm: ShortMessage): Receipt | PduFault | null {
  const inText = parseReceiptText(receiptOctetsText(sm));
  if ((findTlv(sm.tlvs, tlvTags.receiptedMessageId)?.length ?? 0) > MAX_MESSAGE_ID_OCTETS)
    return pduFault(commandStatus.ESME_RINVPARLEN, 'receipted_message_id');
  const inTlv = findTextTlv(sm.tlvs, tlvTags.receiptedMessageId) || null;
  const isTooLong = (inText?.id.length ?? 0) > MAX_MESSAGE_ID_OCTETS;
  if (isTooLong && inTlv === null) return pduFault(commandStatus.ESME_RINVMSGID, 'message_id');
  const otherId = isTooLong ? '' : (inText?.id ?? '');
  const messageId = inTlv ?? otherId;
  if (messageId === '') return null;
  return {
    messageId,
    otherMessageId: otherId === '' || otherId === messageId ? undefined : otherId,
    state: stateOf(sm, inText),
    errorCode: (inText?.error ?? '').slice(0, MAX_WORD_LENGTH),
    doneDate: (inText?.doneDate ?? '').slice(0, MAX_WORD_LENGTH),
    handset: sm.sourceAddr,
    otherAddress: sm.destinationAddr,
  };
}

/** message_state goes before the text. An intermediate notification says no end, unless in a word that we know. */
function stateOf(sm: ShortMessage, inText: ReceiptText | null): string {
  const value = findIntegerTlv(sm.tlvs, tlvTags.messageState);
  const { word, isKnown } = messageWord(inText?.state ?? '');
  const known = (value === null ? null : wordOfState(value)) ?? (isKnown ? word : null);
  if (known !== null) return known;
  if (typeOf(sm) === INTERMEDIATE_NOTIFICATION) return 'ENROUTE';
  return word === 'UNKNOWN' && value !== null && value <= 0xff ? `STATE-${value}` : word;
}
