import { findIntegerTlv, tlvTags } from './tlv.ts';

/** esm_class bit 6: short_message begins with a user data header (5.2.12). */
export const ESM_CLASS_UDHI = 0x40;

/** Octets of the header that `segment` puts before each part. */
const CONCATENATION_HEADER_OCTETS = 6;

/** Where a part's reference stands within it. */
export const REFERENCE_OFFSET = 3;

const CONCATENATION_8_BIT = 0x00;
const CONCATENATION_16_BIT = 0x08;

/** One part's place in its message. `number` counts from 1. */
export type Concatenation = { readonly reference: number; readonly total: number; readonly number: number };

/**
 * 3GPP TS 23.040, 9.2.3.24.1 Concatenated short messages (8-bit reference)
 *
 *     | octet                                  | value            |
 *     | length of user data header             | 5                |
 *     | information element identifier         | 0                |
 *     | length of information element          | 3                |
 *     | reference number                       | modulo 256       |
 *     | maximum number of short messages       | 1 to 255         |
 *     | sequence number of this short message  | 1 to the maximum |
 */
export function concatenationHeader({ reference, total, number }: Concatenation): Buffer {
  return Buffer.from([CONCATENATION_HEADER_OCTETS - 1, CONCATENATION_8_BIT, 3, reference & 0xff, total, number]);
}

function readElement(identifier: number, element: Buffer): Concatenation | null {
  if (identifier === CONCATENATION_8_BIT && element.length === 3) {
    return { reference: element[0] as number, total: element[1] as number, number: element[2] as number };
  }
  if (identifier === CONCATENATION_16_BIT && element.length === 4) {
    return { reference: element.readUInt16BE(0), total: element[2] as number, number: element[3] as number };
  }
  return null;
}

const isPlace = ({ total, number }: Concatenation): boolean => number >= 1 && number <= total;

function readHeaderElements(header: Buffer): Concatenation | null {
  for (let at = 0; at + 2 <= header.length; ) {
    const end = at + 2 + (header[at + 1] as number);
    if (end > header.length) return null;
    const place = readElement(header[at] as number, header.subarray(at + 2, end));
    if (place !== null && isPlace(place)) return place;
    at = end;
  }
  return null;
}

/** What a short message holds: its text octets without the user data header, and its place when it is one of several. */
export type UserData = { readonly text: Buffer; readonly concatenation: Concatenation | null };

/**
 * Parts user data header and text (3GPP TS 23.040, 9.2.3.24), reading 8-bit and 16-bit references in any order of
 * elements. A header longer than the message, or a part number outside its total, is treated as absent.
 */
export function readUserData(esmClass: number, octets: Buffer): UserData {
  const headerEnd = 1 + (octets[0] ?? 0);
  const hasHeader = (esmClass & ESM_CLASS_UDHI) !== 0 && octets.length > 0 && headerEnd <= octets.length;
  if (!hasHeader) return { text: octets, concatenation: null };
  return { text: octets.subarray(headerEnd), concatenation: readHeaderElements(octets.subarray(1, headerEnd)) };
}

/** Reads a part's place from sar_msg_ref_num, sar_total_segments and sar_segment_seqnum (5.3.2.22 to 5.3.2.24). */
export function readSarTlvs(tlvs: Buffer): Concatenation | null {
  const reference = findIntegerTlv(tlvs, tlvTags.sarMsgRefNum);
  const total = findIntegerTlv(tlvs, tlvTags.sarTotalSegments);
  const number = findIntegerTlv(tlvs, tlvTags.sarSegmentSeqnum);
  if (reference === null || total === null || number === null) return null;
  const place = { reference, total, number };
  return isPlace(place) ? place : null;
}
