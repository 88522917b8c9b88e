import { commandStatus } from './command-status.ts';
import type { PduFault } from './fault.ts';
import { fieldCursor, readCOctetString, readInteger1, readOctets, writeCOctetString } from './fields.ts';
import { beginPdu, endPdu, HEADER_OCTETS, readSequenceNumber } from './header.ts';
import { tlvFault } from './tlv.ts';

/** What submit_sm and deliver_sm carry, under the spec's names. `shortMessage` and `tlvs` are views when decoded. */
export type ShortMessage = {
  readonly sequenceNumber: number;
  readonly serviceType: string;
  readonly sourceAddrTon: number;
  readonly sourceAddrNpi: number;
  readonly sourceAddr: string;
  readonly destAddrTon: number;
  readonly destAddrNpi: number;
  readonly destinationAddr: string;
  readonly esmClass: number;
  readonly protocolId: number;
  readonly priorityFlag: number;
  readonly scheduleDeliveryTime: string;
  readonly validityPeriod: string;
  readonly registeredDelivery: number;
  readonly replaceIfPresentFlag: number;
  readonly dataCoding: number;
  readonly smDefaultMsgId: number;
  readonly shortMessage: Buffer;
  /** Optional parameters as they stand on the wire: see `encodeTlvs`, `findTlv`. */
  readonly tlvs: Buffer;
};

/** Longest short_message (5.2.21); beyond it goes message_payload. */
export const MAX_SHORT_MESSAGE_OCTETS = 254;

const MAX_FIXED_OCTETS = 16 + 6 + 21 + 21 + 17 + 17 + 12 + MAX_SHORT_MESSAGE_OCTETS;

/** An upper bound of the octets a submit_sm or deliver_sm takes, for the size of the buffer it is written into. */
export function shortMessageOctets(tlvOctets: number): number {
  return MAX_FIXED_OCTETS + tlvOctets;
}

/**
 * SMPP 3.4, 4.4.1 submit_sm; 4.6.1 deliver_sm has the same fields and sizes, except that schedule_delivery_time and
 * validity_period are one NUL, and replace_if_present_flag and sm_default_msg_id are 0.
 *
 *     | field                   | octets         | type           |
 *     | service_type            | Var. max 6     | C-Octet String |
 *     | source_addr_ton         | 1              | Integer        |
 *     | source_addr_npi         | 1              | Integer        |
 *     | source_addr             | Var. max 21    | C-Octet String |
 *     | dest_addr_ton           | 1              | Integer        |
 *     | dest_addr_npi           | 1              | Integer        |
 *     | destination_addr        | Var. max 21    | C-Octet String |
 *     | esm_class               | 1              | Integer        |
 *     | protocol_id             | 1              | Integer        |
 *     | priority_flag           | 1              | Integer        |
 *     | schedule_delivery_time  | 1 or 17        | C-Octet String |
 *     | validity_period         | 1 or 17        | C-Octet String |
 *     | registered_delivery     | 1              | Integer        |
 *     | replace_if_present_flag | 1              | Integer        |
 *     | data_coding             | 1              | Integer        |
 *     | sm_default_msg_id       | 1              | Integer        |
 *     | sm_length               | 1              | Integer        |
 *     | short_message           | Var. 0 to 254  | Octet String   |
 *     | optional parameters     | TLVs           |                |
 */
export function encodeShortMessage(target: Buffer, at: number, commandId: number, sm: ShortMessage): number {
  const { shortMessage, tlvs } = sm;
  if (shortMessage.length > MAX_SHORT_MESSAGE_OCTETS) throw new RangeError('short_message takes at most 254 octets');
  let end = beginPdu(target, at, commandId, commandStatus.ESME_ROK, sm.sequenceNumber);
  end = writeCOctetString(target, end, sm.serviceType, 6, 'service_type');
  target[end++] = sm.sourceAddrTon;
  target[end++] = sm.sourceAddrNpi;
  end = writeCOctetString(target, end, sm.sourceAddr, 21, 'source_addr');
  target[end++] = sm.destAddrTon;
  target[end++] = sm.destAddrNpi;
  end = writeCOctetString(target, end, sm.destinationAddr, 21, 'destination_addr');
  target[end++] = sm.esmClass;
  target[end++] = sm.protocolId;
  target[end++] = sm.priorityFlag;
  end = writeCOctetString(target, end, sm.scheduleDeliveryTime, 17, 'schedule_delivery_time');
  end = writeCOctetString(target, end, sm.validityPeriod, 17, 'validity_period');
  target[end++] = sm.registeredDelivery;
  target[end++] = sm.replaceIfPresentFlag;
  target[end++] = sm.dataCoding;
  target[end++] = sm.smDefaultMsgId;
  target[end++] = shortMessage.length;
  target.set(shortMessage, end);
  target.set(tlvs, end + shortMessage.length);
  return endPdu(target, at, end + shortMessage.length + tlvs.length);
}

/** Reads a submit_sm or deliver_sm from `start` to `end`, in the order of the table above `encodeShortMessage`. */
export function decodeShortMessage(octets: Buffer, start: number, end: number): ShortMessage | PduFault {
  const cursor = fieldCursor(octets, start + HEADER_OCTETS, end);
  const serviceType = readCOctetString(cursor, 6, commandStatus.ESME_RINVSERTYP, 'service_type');
  const sourceAddrTon = readInteger1(cursor, 'source_addr_ton');
  const sourceAddrNpi = readInteger1(cursor, 'source_addr_npi');
  const sourceAddr = readCOctetString(cursor, 21, commandStatus.ESME_RINVSRCADR, 'source_addr');
  const destAddrTon = readInteger1(cursor, 'dest_addr_ton');
  const destAddrNpi = readInteger1(cursor, 'dest_addr_npi');
  const destinationAddr = readCOctetString(cursor, 21, commandStatus.ESME_RINVDSTADR, 'destination_addr');
  const esmClass = readInteger1(cursor, 'esm_class');
  const protocolId = readInteger1(cursor, 'protocol_id');
  const priorityFlag = readInteger1(cursor, 'priority_flag');
  const scheduleDeliveryTime = readCOctetString(cursor, 17, commandStatus.ESME_RINVSCHED, 'schedule_delivery_time');
  const validityPeriod = readCOctetString(cursor, 17, commandStatus.ESME_RINVEXPIRY, 'validity_period');
  const registeredDelivery = readInteger1(cursor, 'registered_delivery');
  const replaceIfPresentFlag = readInteger1(cursor, 'replace_if_present_flag');
  const dataCoding = readInteger1(cursor, 'data_coding');
  const smDefaultMsgId = readInteger1(cursor, 'sm_default_msg_id');
  const smLength = readInteger1(cursor, 'sm_length');
  const shortMessage = readOctets(cursor, smLength, commandStatus.ESME_RINVMSGLEN, 'short_message');
  const fault = cursor.fault ?? tlvFault(octets, cursor.at, end);
  if (fault !== null) return fault;
  return {
    sequenceNumber: readSequenceNumber(octets, start),
    serviceType,
    sourceAddrTon,
    sourceAddrNpi,
    sourceAddr,
    destAddrTon,
    destAddrNpi,
    destinationAddr,
    esmClass,
    protocolId,
    priorityFlag,
    scheduleDeliveryTime,
    validityPeriod,
    registeredDelivery,
    replaceIfPresentFlag,
    dataCoding,
    smDefaultMsgId,
    shortMessage,
    tlvs: octets.subarray(cursor.at, end),
  };
}
