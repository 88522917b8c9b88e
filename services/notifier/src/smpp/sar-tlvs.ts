import { type Concatenation, encodeTlvs, integerTlv, tlvTags } from '@bijli/smpp';

/** Octets of the three parameters: a head of 4 each, and values of 2, 1 and 1. */
export const SAR_TLV_OCTETS = 16;

/** Says by sar_ parameters which part of which message this is (SMPP 3.4, 5.3.2.22 to 5.3.2.24). */
export function sarTlvs({ reference, total, number }: Concatenation): Buffer {
  return encodeTlvs([
    integerTlv(tlvTags.sarMsgRefNum, 2, reference),
    integerTlv(tlvTags.sarTotalSegments, 1, total),
    integerTlv(tlvTags.sarSegmentSeqnum, 1, number),
  ]);
}
