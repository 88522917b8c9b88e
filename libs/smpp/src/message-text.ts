import { decodeGsm7 } from './gsm-7.ts';
import { dataCodings } from './segment.ts';
import type { ShortMessage } from './short-message.ts';
import { findTlv, tlvTags } from './tlv.ts';
import { decodeUcs2 } from './ucs-2.ts';
import { type Concatenation, readSarTlvs, readUserData } from './user-data-header.ts';

/** Decodes text octets by their data_coding (5.2.19): GSM-7, UCS-2, and Latin-1 for every other one. */
export function decodeText(dataCoding: number, octets: Buffer): string {
  if (dataCoding === dataCodings['gsm-7']) return decodeGsm7(octets);
  if (dataCoding === dataCodings['ucs-2']) return decodeUcs2(octets);
  return octets.toString('latin1');
}

/** The message octets: short_message, or message_payload when that is empty (5.3.2.32: one of the two). */
export function messageOctets({ shortMessage, tlvs }: ShortMessage): Buffer {
  return shortMessage.length > 0 ? shortMessage : (findTlv(tlvs, tlvTags.messagePayload) ?? shortMessage);
}

/** A message's text, and its place when it is one part of several (by header or by sar_ parameters). */
export type ReadMessage = { readonly text: string; readonly concatenation: Concatenation | null };

/** Reads what a handset would show of a submit_sm, or what it sent in a deliver_sm. */
export function readMessage(sm: ShortMessage): ReadMessage {
  const { text, concatenation } = readUserData(sm.esmClass, messageOctets(sm));
  return { text: decodeText(sm.dataCoding, text), concatenation: concatenation ?? readSarTlvs(sm.tlvs) };
}
