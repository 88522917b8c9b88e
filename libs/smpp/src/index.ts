export {
  type Bind,
  type BindCommand,
  type BindResp,
  bindCommand,
  decodeBind,
  decodeBindResp,
  encodeBind,
  encodeBindResp,
  MAX_BIND_OCTETS,
  SMPP_3_4,
} from './bind.ts';
export { type CommandName, commandIds, commandName, isResponse, responseId } from './command-id.ts';
export { commandStatus, commandStatusName } from './command-status.ts';
export { type DataSm, decodeDataSm, encodeDataSm, encodeDataSmResp } from './data-sm.ts';
export { DELIVER_SM_RESP_OCTETS, decodeDeliverSm, encodeDeliverSm, encodeDeliverSmResp } from './deliver-sm.ts';
export { isFault, type PduFault } from './fault.ts';
export { countSeptets, decodeGsm7, encodeGsm7 } from './gsm-7.ts';
export {
  HEADER_OCTETS,
  MAX_SEQUENCE_NUMBER,
  type PduHeader,
  readCommandId,
  readHeader,
  readSequenceNumber,
} from './header.ts';
export {
  encodeEnquireLink,
  encodeEnquireLinkResp,
  encodeGenericNack,
  encodeRefusal,
  encodeUnbind,
  encodeUnbindResp,
} from './link-pdus.ts';
export { decodeText, messageOctets, type ReadMessage, readMessage } from './message-text.ts';
export { DEFAULT_MAX_PDU_OCTETS, type FramingFault, type PduReader, pduReader } from './pdu-reader.ts';
export { type PduWriter, pduWriter } from './pdu-writer.ts';
export { type MessageState, messageStates } from './message-state.ts';
export { ESM_CLASS_RECEIPT, isReceipt, type Receipt, readReceipt } from './receipt.ts';
export {
  formatReceiptDate,
  formatReceiptText,
  parseReceiptDate,
  parseReceiptText,
  type ReceiptText,
} from './receipt-text.ts';
export {
  type Coding,
  dataCodings,
  partUnits,
  type SegmentedText,
  segment,
  type TextCost,
  textCost,
} from './segment.ts';
export { MAX_SHORT_MESSAGE_OCTETS, type ShortMessage, shortMessageOctets } from './short-message.ts';
export { absoluteTime, parseAbsoluteTime } from './smpp-time.ts';
export {
  decodeSubmitSm,
  decodeSubmitSmResp,
  encodeSubmitSm,
  encodeSubmitSmResp,
  MAX_SUBMIT_SM_RESP_OCTETS,
  type SubmitSmResp,
} from './submit-sm.ts';
export {
  cOctetStringTlv,
  encodeTlvs,
  findIntegerTlv,
  findTextTlv,
  findTlv,
  integerTlv,
  NO_TLVS,
  octetStringTlv,
  readTlvs,
  type Tlv,
  tlvTags,
} from './tlv.ts';
export { decodeUcs2, encodeUcs2 } from './ucs-2.ts';
export {
  type Concatenation,
  concatenationHeader,
  ESM_CLASS_UDHI,
  REFERENCE_OFFSET,
  readSarTlvs,
  readUserData,
  type UserData,
} from './user-data-header.ts';
