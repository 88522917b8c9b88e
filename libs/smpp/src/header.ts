/** Octets of the header that every PDU begins with. */
export const HEADER_OCTETS = 16;

/** Highest sequence_number (5.1.4); the lowest is 1. */
export const MAX_SEQUENCE_NUMBER = 0x7fffffff;

/** The header as it is read, in wire order. */
export type PduHeader = {
  readonly commandLength: number;
  readonly commandId: number;
  readonly commandStatus: number;
  readonly sequenceNumber: number;
};

/** Reads an unsigned 32-bit integer, most significant octet first (3.1 Integer). No bounds check: the caller knows. */
export function readInteger4(octets: Buffer, at: number): number {
  return (
    (octets[at] as number) * 0x1000000 +
    (((octets[at + 1] as number) << 16) | ((octets[at + 2] as number) << 8) | (octets[at + 3] as number))
  );
}

function writeInteger4(target: Buffer, at: number, value: number): void {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
}

/**
 * SMPP 3.4, 3.2.1 PDU format
 *
 *     | field           | octets | type    |
 *     | command_length  | 4      | Integer | of the whole PDU, this field included
 *     | command_id      | 4      | Integer |
 *     | command_status  | 4      | Integer | 0 in a request
 *     | sequence_number | 4      | Integer | a response repeats its request's
 *
 * Reads the header at `start`; 16 octets must be there.
 */
export function readHeader(octets: Buffer, start: number): PduHeader {
  return {
    commandLength: readInteger4(octets, start),
    commandId: readInteger4(octets, start + 4),
    commandStatus: readInteger4(octets, start + 8),
    sequenceNumber: readInteger4(octets, start + 12),
  };
}

/** Reads only command_id (3.2.1). */
export function readCommandId(octets: Buffer, start: number): number {
  return readInteger4(octets, start + 4);
}

/** Reads only sequence_number (3.2.1). */
export function readSequenceNumber(octets: Buffer, start: number): number {
  return readInteger4(octets, start + 12);
}

/** Writes a header whose command_length `endPdu` fills in; gives the offset behind it. */
export function beginPdu(target: Buffer, at: number, commandId: number, status: number, sequence: number): number {
  writeInteger4(target, at + 4, commandId);
  writeInteger4(target, at + 8, status);
  writeInteger4(target, at + 12, sequence);
  return at + HEADER_OCTETS;
}

/**
 * Fills in command_length of the PDU from `start` to `end`; gives `end`.
 * Throws `RangeError` when the target was too short: octets written past its end are lost without a word otherwise.
 */
export function endPdu(target: Buffer, start: number, end: number): number {
  if (end > target.length) throw new RangeError('the PDU does not fit into the buffer');
  writeInteger4(target, start, end - start);
  return end;
}
