import {
  cOctetStringTlv,
  ESM_CLASS_RECEIPT,
  encodeDeliverSm,
  encodeTlvs,
  formatReceiptDate,
  formatReceiptText,
  integerTlv,
  messageStates,
  NO_TLVS,
  tlvTags,
} from '@bijli/smpp';
import type { Receipt } from './receipt-queue.ts';

/** More octets than a receipt takes. */
export const MAX_RECEIPT_OCTETS = 512;

/** Indian SMSCs write receipts on their local clock. */
const IST_MINUTES = 330;
const INTERNATIONAL = 1;
const ISDN = 1;
const ALPHANUMERIC = 5;

/** Writes a receipt as a deliver_sm: from the handset, to the header that sent the message. */
export function encodeReceipt(
  target: Buffer,
  at: number,
  { receipt, sequence, withParameters }: { receipt: Receipt; sequence: number; withParameters: boolean },
): number {
  const { messageId, state, error } = receipt;
  const text = formatReceiptText({
    id: messageId,
    submitted: '001',
    delivered: state === 'DELIVRD' ? '001' : '000',
    submitDate: formatReceiptDate(receipt.submittedAt, IST_MINUTES),
    doneDate: formatReceiptDate(receipt.doneAt, IST_MINUTES),
    state,
    error,
    text: receipt.text,
  });
  const parameters = [
    cOctetStringTlv(tlvTags.receiptedMessageId, messageId),
    integerTlv(tlvTags.messageState, 1, messageStates[state]),
  ];
  return encodeDeliverSm(target, at, {
    sequenceNumber: sequence,
    serviceType: '',
    sourceAddrTon: INTERNATIONAL,
    sourceAddrNpi: ISDN,
    sourceAddr: receipt.handset,
    destAddrTon: ALPHANUMERIC,
    destAddrNpi: 0,
    destinationAddr: receipt.header,
    esmClass: ESM_CLASS_RECEIPT,
    protocolId: 0,
    priorityFlag: 0,
    scheduleDeliveryTime: '',
    validityPeriod: '',
    registeredDelivery: 0,
    replaceIfPresentFlag: 0,
    dataCoding: 0,
    smDefaultMsgId: 0,
    shortMessage: Buffer.from(text, 'latin1'),
    tlvs: withParameters ? encodeTlvs(parameters) : NO_TLVS,
  });
}
