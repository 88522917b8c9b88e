import { commandStatus } from './command-status.ts';
import { type PduFault, pduFault } from './fault.ts';

/**
 * Tags of optional parameters: SMPP 3.4, 5.3.2; 0x1400 to 0x3FFF are left to SMSC vendors, of which Indian operators
 * use three for the DLT registration (TRAI TCCCPR 2018), all as octet strings without NUL.
 */
export const tlvTags = {
  receiptedMessageId: 0x001e,
  userMessageReference: 0x0204,
  sarMsgRefNum: 0x020c,
  sarTotalSegments: 0x020e,
  sarSegmentSeqnum: 0x020f,
  scInterfaceVersion: 0x0210,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  messageState: 0x0427,
  dltEntityId: 0x1400,
  dltTemplateId: 0x1401,
  dltTelemarketerChain: 0x1402,
} as const;

/** One optional parameter. */
export type Tlv = { readonly tag: number; readonly value: Buffer };

/** No optional parameters. */
export const NO_TLVS: Buffer = Buffer.alloc(0);

const HEAD_OCTETS = 4;
const MAX_VALUE_OCTETS = 0xffff;

/**
 * SMPP 3.4, 3.2.4.1 Optional parameter format
 *
 *     | field  | octets   | type         |
 *     | Tag    | 2        | Integer      |
 *     | Length | 2        | Integer      | of Value only
 *     | Value  | variable | by parameter |
 *
 * Lays parameters end to end, as the end of a PDU takes them. Made once and shared by every message that carries the
 * same ones. Throws `RangeError` for a value above 65,535 octets.
 */
export function encodeTlvs(tlvs: readonly Tlv[]): Buffer {
  return Buffer.concat(
    tlvs.flatMap(({ tag, value }) => {
      if (value.length > MAX_VALUE_OCTETS) throw new RangeError('an optional parameter takes at most 65535 octets');
      const head = Buffer.alloc(HEAD_OCTETS);
      head.writeUInt16BE(tag, 0);
      head.writeUInt16BE(value.length, 2);
      return [head, value];
    }),
  );
}

const readInteger2 = (octets: Buffer, at: number): number => ((octets[at] as number) << 8) | (octets[at + 1] as number);

/** Checks that the parameters fill `from` to `end` exactly; null when they do. */
export function tlvFault(octets: Buffer, from: number, end: number): PduFault | null {
  let at = from;
  while (at + HEAD_OCTETS <= end) at += HEAD_OCTETS + readInteger2(octets, at + 2);
  return at === end ? null : pduFault(commandStatus.ESME_RINVOPTPARSTREAM, 'optional_parameters');
}

/** Finds a parameter's value in a checked block (a view); null when absent. Of a repeated one, the first. */
export function findTlv(block: Buffer, tag: number): Buffer | null {
  for (let at = 0; at + HEAD_OCTETS <= block.length; ) {
    const end = at + HEAD_OCTETS + readInteger2(block, at + 2);
    if (readInteger2(block, at) === tag) return block.subarray(at + HEAD_OCTETS, end);
    at = end;
  }
  return null;
}

/** Reads all parameters of a checked block, in wire order. */
export function readTlvs(block: Buffer): Tlv[] {
  const tlvs: Tlv[] = [];
  for (let at = 0; at + HEAD_OCTETS <= block.length; ) {
    const end = at + HEAD_OCTETS + readInteger2(block, at + 2);
    tlvs.push({ tag: readInteger2(block, at), value: block.subarray(at + HEAD_OCTETS, end) });
    at = end;
  }
  return tlvs;
}

/** Reads an Integer parameter of 1 to 4 octets; null when absent or of another size. */
export function findIntegerTlv(block: Buffer, tag: number): number | null {
  const value = findTlv(block, tag);
  return value === null || value.length < 1 || value.length > 4 ? null : value.readUIntBE(0, value.length);
}

/** Reads a C-Octet String parameter; a missing NUL is forgiven, since many SMSCs leave it out. Null when absent. */
export function findTextTlv(block: Buffer, tag: number): string | null {
  const value = findTlv(block, tag);
  if (value === null) return null;
  const nul = value.indexOf(0);
  return value.toString('latin1', 0, nul < 0 ? value.length : nul);
}

/** Makes an Integer parameter of `octets` octets (1, 2 or 4). */
export function integerTlv(tag: number, octets: 1 | 2 | 4, value: number): Tlv {
  const encoded = Buffer.alloc(octets);
  encoded.writeUIntBE(value, 0, octets);
  return { tag, value: encoded };
}

/** Makes a parameter that is an Octet String of ASCII (the DLT ids). */
export function octetStringTlv(tag: number, text: string): Tlv {
  return { tag, value: Buffer.from(text, 'ascii') };
}

/** Makes a parameter that is a C-Octet String (receipted_message_id). */
export function cOctetStringTlv(tag: number, text: string): Tlv {
  return octetStringTlv(tag, `${text}\0`);
}
