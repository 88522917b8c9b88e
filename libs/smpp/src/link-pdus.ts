import { commandIds } from './command-id.ts';
import { commandStatus } from './command-status.ts';
import { beginPdu, endPdu } from './header.ts';

/** Writes a PDU that is only a header. */
const encodeHeaderOnly = (target: Buffer, at: number, commandId: number, status: number, sequence: number): number =>
  endPdu(target, at, beginPdu(target, at, commandId, status, sequence));

/** SMPP 3.4, 4.11.1 enquire_link, command_id 0x00000015: a header. Writes it at `at`; gives the offset behind it. */
export function encodeEnquireLink(target: Buffer, at: number, sequence: number): number {
  return encodeHeaderOnly(target, at, commandIds.enquire_link, commandStatus.ESME_ROK, sequence);
}

/** SMPP 3.4, 4.11.2 enquire_link_resp, command_id 0x80000015: a header. */
export function encodeEnquireLinkResp(target: Buffer, at: number, sequence: number): number {
  return encodeHeaderOnly(target, at, commandIds.enquire_link_resp, commandStatus.ESME_ROK, sequence);
}

/** SMPP 3.4, 4.2.1 unbind, command_id 0x00000006: a header. */
export function encodeUnbind(target: Buffer, at: number, sequence: number): number {
  return encodeHeaderOnly(target, at, commandIds.unbind, commandStatus.ESME_ROK, sequence);
}

/** SMPP 3.4, 4.2.2 unbind_resp, command_id 0x80000006: a header. */
export function encodeUnbindResp(target: Buffer, at: number, sequence: number): number {
  return encodeHeaderOnly(target, at, commandIds.unbind_resp, commandStatus.ESME_ROK, sequence);
}

/**
 * SMPP 3.4, 4.3.1 generic_nack, command_id 0x80000000: a header.
 * The sequence number is the refused PDU's, 0 when that could not be read.
 */
export function encodeGenericNack(target: Buffer, at: number, status: number, sequence: number): number {
  return encodeHeaderOnly(target, at, commandIds.generic_nack, status, sequence);
}

/**
 * Writes a response that is only a header: how a request is refused (a response with an error carries no body, 4.4.2).
 */
export const encodeRefusal = encodeHeaderOnly;
