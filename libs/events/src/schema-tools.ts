import { recordCodec } from './record-codec.ts';

// For the gates over schemas and for tools; services use `encodeEvent` and `decodeEvent`.

const LARGEST_RECORD_OCTETS = 262_144;

/** Writes a record by a schema, without frame. Throws `Error` when it does not fit. */
export function encodeRecord(schema: object, value: unknown): Buffer {
  const target = Buffer.alloc(LARGEST_RECORD_OCTETS);
  const end = recordCodec(schema).encodeInto(value, target, 0);
  if (end < 0) throw new Error(`a record is larger than ${LARGEST_RECORD_OCTETS} octets`);
  return Buffer.from(target.subarray(0, end));
}

/** Reads a record that one schema wrote as another sees it, without frame. */
export function decodeRecord(schemas: { readonly writer: object; readonly reader: object }, octets: Buffer): unknown {
  return recordCodec(schemas.reader).reader(recordCodec(schemas.writer))(octets, 0);
}
