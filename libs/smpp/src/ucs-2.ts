/** Encodes UTF-16, most significant octet first: what SMSCs call UCS-2 (data_coding 8, 5.2.19). */
export function encodeUcs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

/** Decodes UTF-16, most significant octet first; an odd octet at the end is dropped. The octets are not changed. */
export function decodeUcs2(octets: Buffer): string {
  return Buffer.from(octets.subarray(0, octets.length & ~1))
    .swap16()
    .toString('utf16le');
}
