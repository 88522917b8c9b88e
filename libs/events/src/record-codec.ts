import type { RecordType, Resolver, Type } from 'avro-js';
import { boundedAvro as avro } from './bounded-avro.ts';
import { nullableTypeHook } from './nullable-type.ts';
import { PoisonMessageError } from './poison-message-error.ts';
import { TimestampType } from './timestamp-type.ts';

/** Reads and writes the records of one schema; instants are `Date`, nullable fields `T | null`, bytes `Buffer`. */
export type RecordCodec = {
  /** Writes a record from `position` on; gives the position after it, or a number below 0 when it does not fit. */
  encodeInto(value: unknown, target: Buffer, position: number): number;
  /** Names the fields that do not fit the schema (`contacts.0.language`), without their values. */
  invalidFields(value: unknown): string[];
  /** Makes a reader of records that another version of the schema wrote. Throws `Error` if they are incompatible. */
  reader(writer: RecordCodec): RecordReader;
  readonly type: Type;
};

/** Reads the record that begins at `position` and fills the buffer. Throws `PoisonMessageError`. */
export type RecordReader = (source: Buffer, position: number) => unknown;

function parse(schema: object): Type {
  const type = avro.parse(schema, {
    typeHook: nullableTypeHook,
    logicalTypes: { 'timestamp-millis': TimestampType },
    assertLogicalTypes: true,
  });
  if (!(type instanceof avro.types.RecordType)) throw new Error('a schema describes one record');
  return type;
}

function invalidFields(type: Type, value: unknown): string[] {
  const paths: string[] = [];
  type.isValid(value, { errorHook: (path) => paths.push(path.join('.')) });
  return paths;
}

function canDecode(type: Type, source: Buffer, position: number): number {
  try {
    return type.decode(source, position).offset;
  } catch {
    return -1;
  }
}

/** Decodes field by field to find where it goes wrong; only after a failure, since it is slow. */
function firstBadField(writer: RecordType, source: Buffer, start: number): string | undefined {
  let position = start;
  for (const field of writer.getFields()) {
    position = canDecode(field.getType(), source, position);
    if (position < 0) return field.getName();
  }
  return undefined;
}

/** Cut off or altered: the two look alike where a length exceeds what is left. */
function malformed(writer: Type, source: Buffer, position: number, cause?: unknown): PoisonMessageError {
  const field = firstBadField(writer as RecordType, source, position) ?? 'record';
  return new PoisonMessageError('malformed', `${field} is malformed`, cause === undefined ? undefined : { cause });
}

function makeReader(reader: Type, writer: Type, resolver: Resolver | undefined): RecordReader {
  const decode = (source: Buffer, position: number): { value: unknown; offset: number } => {
    try {
      return reader.decode(source, position, resolver);
    } catch (error) {
      throw malformed(writer, source, position, error);
    }
  };
  return (source, position) => {
    const { value, offset } = decode(source, position);
    if (offset < 0) throw malformed(writer, source, position);
    if (offset < source.length) {
      throw new PoisonMessageError('trailing-bytes', `${source.length - offset} octets follow the record`);
    }
    return value;
  };
}

/** Makes the codec of a schema. Throws `Error` when the schema is invalid or has a union other than `["null", T]`. */
export function recordCodec(schema: object): RecordCodec {
  const type = parse(schema);
  return {
    type,
    encodeInto: (value, target, position) => type.encode(value, target, position),
    invalidFields: (value) => invalidFields(type, value),
    reader: (writer) =>
      makeReader(type, writer.type, writer.type === type ? undefined : type.createResolver(writer.type)),
  };
}
