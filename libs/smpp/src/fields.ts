import { commandStatus } from './command-status.ts';
import { type PduFault, pduFault } from './fault.ts';

/**
 * A place in a PDU's body. The first field that does not fit sets `fault`; whatever is read after it is empty, so a
 * decoder reads its table from top to bottom and looks at `fault` once.
 */
export type FieldCursor = { readonly octets: Buffer; at: number; readonly end: number; fault: PduFault | undefined };

/** Opens a cursor over the octets from `at` to `end` (exclusive). */
export function fieldCursor(octets: Buffer, at: number, end: number): FieldCursor {
  return {
    octets,
    at,
    end,
    fault: undefined,
  };
}

function fail(cursor: FieldCursor, status: number, field: string): void {
  cursor.fault ??= pduFault(status, field);
  cursor.at = cursor.end;
}

/** Reads a one-octet Integer (3.1). */
export function readInteger1(cursor: FieldCursor, field: string): number {
  if (cursor.at < cursor.end) return cursor.octets[cursor.at++] as number;
  fail(cursor, commandStatus.ESME_RINVCMDLEN, field);
  return 0;
}

/**
 * Reads a C-Octet String (3.1): ASCII ended by one NUL, at most `maxOctets` with the NUL.
 * A string that goes on beyond that faults with `status`; one that the PDU cuts off, with ESME_RINVCMDLEN.
 */
export function readCOctetString(cursor: FieldCursor, maxOctets: number, status: number, field: string): string {
  const { octets, at, end } = cursor;
  const limit = Math.min(end, at + maxOctets);
  let nul = at;
  while (nul < limit && octets[nul] !== 0) nul++;
  if (nul === limit) {
    fail(cursor, limit === end ? commandStatus.ESME_RINVCMDLEN : status, field);
    return '';
  }
  cursor.at = nul + 1;
  return nul === at ? '' : octets.toString('latin1', at, nul);
}

/** Reads an Octet String (3.1) of a length read before; a view, not a copy. */
export function readOctets(cursor: FieldCursor, length: number, status: number, field: string): Buffer {
  const start = cursor.at;
  if (length > cursor.end - start) {
    fail(cursor, status, field);
    return cursor.octets.subarray(start, start);
  }
  cursor.at = start + length;
  return cursor.octets.subarray(start, cursor.at);
}

function refuseCharacter(field: string): never {
  throw new RangeError(`${field} must be ASCII without NUL`);
}

/**
 * Writes a C-Octet String and its NUL; gives the offset behind it.
 * Throws `RangeError` (naming the field, not its content) when it is not ASCII or longer than `maxOctets` with the NUL.
 */
export function writeCOctetString(target: Buffer, at: number, text: string, maxOctets: number, field: string): number {
  const { length } = text;
  if (length >= maxOctets) throw new RangeError(`${field} takes at most ${maxOctets - 1} characters`);
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0 || code > 0x7f) refuseCharacter(field);
    target[at + index] = code;
  }
  target[at + length] = 0;
  return at + length + 1;
}
