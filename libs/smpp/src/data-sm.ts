import { commandIds } from './command-id.ts';
import { commandStatus } from './command-status.ts';
import type { PduFault } from './fault.ts';
import { fieldCursor, readCOctetString, readInteger1, writeCOctetString } from './fields.ts';
import { beginPdu, endPdu, HEADER_OCTETS, readSequenceNumber } from './header.ts';
import type { ShortMessage } from './short-message.ts';
import { NO_TLVS, tlvFault } from './tlv.ts';

/** What data_sm carries; its text stands in message_payload. */
export type DataSm = Pick<
  ShortMessage,
  | 'sequenceNumber'
  | 'serviceType'
  | 'sourceAddrTon'
  | 'sourceAddrNpi'
  | 'sourceAddr'
  | 'destAddrTon'
  | 'destAddrNpi'
  | 'destinationAddr'
  | 'esmClass'
  | 'registeredDelivery'
  | 'dataCoding'
  | 'tlvs'
>;

/** What a deliver_sm has and a data_sm has not. */
const ABSENT = {
  protocolId: 0,
  priorityFlag: 0,
  scheduleDeliveryTime: '',
  validityPeriod: '',
  replaceIfPresentFlag: 0,
  smDefaultMsgId: 0,
  shortMessage: NO_TLVS,
} as const;

/** Longest address of a data_sm with its NUL (4.7.1); that of a deliver_sm is 21. */
const MAX_ADDRESS_OCTETS = 65;

/**
 * SMPP 3.4, 4.7.1 data_sm, command_id 0x00000103
 *
 *     | field               | octets      | type           |
 *     | service_type        | Var. max 6  | C-Octet String |
 *     | source_addr_ton     | 1           | Integer        |
 *     | source_addr_npi     | 1           | Integer        |
 *     | source_addr         | Var. max 65 | C-Octet String |
 *     | dest_addr_ton       | 1           | Integer        |
 *     | dest_addr_npi       | 1           | Integer        |
 *     | destination_addr    | Var. max 65 | C-Octet String |
 *     | esm_class           | 1           | Integer        |
 *     | registered_delivery | 1           | Integer        |
 *     | data_coding         | 1           | Integer        |
 *     | optional parameters | TLVs        |                |
 *
 * Writes it at `at`; gives the offset behind it.
 */
export function encodeDataSm(target: Buffer, at: number, sm: DataSm): number {
  let end = beginPdu(target, at, commandIds.data_sm, commandStatus.ESME_ROK, sm.sequenceNumber);
  end = writeCOctetString(target, end, sm.serviceType, 6, 'service_type');
  target[end++] = sm.sourceAddrTon;
  target[end++] = sm.sourceAddrNpi;
  end = writeCOctetString(target, end, sm.sourceAddr, MAX_ADDRESS_OCTETS, 'source_addr');
  target[end++] = sm.destAddrTon;
  target[end++] = sm.destAddrNpi;
  end = writeCOctetString(target, end, sm.destinationAddr, MAX_ADDRESS_OCTETS, 'destination_addr');
  target[end++] = sm.esmClass;
  target[end++] = sm.registeredDelivery;
  target[end++] = sm.dataCoding;
  target.set(sm.tlvs, end);
  return endPdu(target, at, end + sm.tlvs.length);
}

/** Reads the data_sm from `start` to `end` (table above `encodeDataSm`) as the deliver_sm that says the same. */
export function decodeDataSm(octets: Buffer, start: number, end: number): ShortMessage | PduFault {
  const cursor = fieldCursor(octets, start + HEADER_OCTETS, end);
  const sm = {
    sequenceNumber: readSequenceNumber(octets, start),
    serviceType: readCOctetString(cursor, 6, commandStatus.ESME_RINVSERTYP, 'service_type'),
    sourceAddrTon: readInteger1(cursor, 'source_addr_ton'),
    sourceAddrNpi: readInteger1(cursor, 'source_addr_npi'),
    sourceAddr: readCOctetString(cursor, MAX_ADDRESS_OCTETS, commandStatus.ESME_RINVSRCADR, 'source_addr'),
    destAddrTon: readInteger1(cursor, 'dest_addr_ton'),
    destAddrNpi: readInteger1(cursor, 'dest_addr_npi'),
    destinationAddr: readCOctetString(cursor, MAX_ADDRESS_OCTETS, commandStatus.ESME_RINVDSTADR, 'destination_addr'),
    esmClass: readInteger1(cursor, 'esm_class'),
    registeredDelivery: readInteger1(cursor, 'registered_delivery'),
    dataCoding: readInteger1(cursor, 'data_coding'),
  };
  const fault = cursor.fault ?? tlvFault(octets, cursor.at, end);
  return fault ?? { ...ABSENT, ...sm, tlvs: octets.subarray(cursor.at, end) };
}

/**
 * SMPP 3.4, 4.7.2 data_sm_resp, command_id 0x80000103
 *
 *     | field      | octets      | type           |
 *     | message_id | Var. max 65 | C-Octet String | of the SMSC's; we have none to give
 *
 * Writes it at `at`; gives the offset behind it. It is as long as a deliver_sm_resp.
 */
export function encodeDataSmResp(target: Buffer, at: number, sequence: number, status: number): number {
  const end = beginPdu(target, at, commandIds.data_sm_resp, status, sequence);
  target[end] = 0;
  return endPdu(target, at, end + 1);
}
