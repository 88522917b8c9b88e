import { commandIds } from './command-id.ts';
import { commandStatus } from './command-status.ts';
import type { PduFault } from './fault.ts';
import { fieldCursor, readCOctetString, writeCOctetString } from './fields.ts';
import { beginPdu, endPdu, HEADER_OCTETS, readHeader } from './header.ts';
import { decodeShortMessage, encodeShortMessage, type ShortMessage } from './short-message.ts';

/**
 * SMPP 3.4, 4.4.1 submit_sm, command_id 0x00000004: the table stands above `encodeShortMessage`.
 * Writes it at `at`; gives the offset behind it. Throws `RangeError` for what the fields cannot hold.
 */
export function encodeSubmitSm(target: Buffer, at: number, sm: ShortMessage): number {
  return encodeShortMessage(target, at, commandIds.submit_sm, sm);
}

/** Reads the submit_sm from `start` to `end` (4.4.1). */
export const decodeSubmitSm: (octets: Buffer, start: number, end: number) => ShortMessage | PduFault =
  decodeShortMessage;

/** The answer to a submit_sm: `messageId` is the SMSC's, empty when status is not 0. */
export type SubmitSmResp = { readonly sequenceNumber: number; readonly status: number; readonly messageId: string };

/** An upper bound of the octets a submit_sm_resp takes. */
export const MAX_SUBMIT_SM_RESP_OCTETS = HEADER_OCTETS + 65;

/**
 * SMPP 3.4, 4.4.2 submit_sm_resp, command_id 0x80000004; no body when command_status is not 0
 *
 *     | field      | octets      | type           |
 *     | message_id | Var. max 65 | C-Octet String |
 *
 * Writes it at `at`; gives the offset behind it.
 */
export function encodeSubmitSmResp(target: Buffer, at: number, response: SubmitSmResp): number {
  const { sequenceNumber, status, messageId } = response;
  const begin = beginPdu(target, at, commandIds.submit_sm_resp, status, sequenceNumber);
  const end = status === commandStatus.ESME_ROK ? writeCOctetString(target, begin, messageId, 65, 'message_id') : begin;
  return endPdu(target, at, end);
}

/**
 * Reads the submit_sm_resp from `start` to `end` (4.4.2); a missing body reads as an empty id, as many SMSCs send it. A
 * refusal has no body: whatever stands in its place is not looked at.
 */
export function decodeSubmitSmResp(octets: Buffer, start: number, end: number): SubmitSmResp | PduFault {
  const { sequenceNumber, commandStatus: status } = readHeader(octets, start);
  const cursor = fieldCursor(octets, start + HEADER_OCTETS, end);
  const hasId = status === commandStatus.ESME_ROK && cursor.at < end;
  const messageId = hasId ? readCOctetString(cursor, 65, commandStatus.ESME_RINVMSGID, 'message_id') : '';
  return cursor.fault ?? { sequenceNumber, status, messageId };
}
