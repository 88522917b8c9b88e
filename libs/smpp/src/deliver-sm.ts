import { commandIds } from './command-id.ts';
import type { PduFault } from './fault.ts';
import { beginPdu, endPdu, HEADER_OCTETS } from './header.ts';
import { decodeShortMessage, encodeShortMessage, type ShortMessage } from './short-message.ts';

/**
 * SMPP 3.4, 4.6.1 deliver_sm, command_id 0x00000005: an SMS from a handset, or a delivery receipt.
 * The table stands above `encodeShortMessage`. Writes it at `at`; gives the offset behind it.
 */
export function encodeDeliverSm(target: Buffer, at: number, sm: ShortMessage): number {
  return encodeShortMessage(target, at, commandIds.deliver_sm, sm);
}

/** Reads the deliver_sm from `start` to `end` (4.6.1). */
export const decodeDeliverSm: (octets: Buffer, start: number, end: number) => ShortMessage | PduFault =
  decodeShortMessage;

/** Octets of a deliver_sm_resp. */
export const DELIVER_SM_RESP_OCTETS = HEADER_OCTETS + 1;

/**
 * SMPP 3.4, 4.6.2 deliver_sm_resp, command_id 0x80000005
 *
 *     | field      | octets | type           |
 *     | message_id | 1      | C-Octet String | unused, set to NUL
 *
 * Writes it at `at`; gives the offset behind it. Its sequence number and status are in the header.
 */
export function encodeDeliverSmResp(target: Buffer, at: number, sequence: number, status: number): number {
  const end = beginPdu(target, at, commandIds.deliver_sm_resp, status, sequence);
  target[end] = 0;
  return endPdu(target, at, end + 1);
}
