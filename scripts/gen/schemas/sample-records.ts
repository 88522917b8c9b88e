import type { RawSchema } from './schema-files.ts';

type Field = { readonly name: string; readonly type: unknown; readonly knownValues?: readonly string[] };

/** Golden records: the smallest lawful value of every field, and one that fills every field. */
export type SampleName = 'smallest' | 'fullest';

const SEALED_OCTETS = 16;
const LARGEST_INT = 2_147_483_647;
/** The largest that avro-js reads; 2^53 - 2, since it keeps one for rounding. */
const LARGEST_LONG = 9_007_199_254_740_990;
const SAMPLE_INSTANT = new Date('2026-01-30T08:35:12.345Z');

/** What the envelope of every event demands beyond its types. */
const ENVELOPE: Readonly<Record<string, unknown>> = {
  eventId: '01945b12-7c00-7abc-8def-0123456789ab',
  aggregateId: 'F-1203',
  version: 1,
};

const smallest: Readonly<Record<string, unknown>> = {
  string: '',
  bytes: Buffer.alloc(0),
  boolean: false,
  int: 0,
  long: 0,
  double: 0,
};

const fullest: Readonly<Record<string, unknown>> = {
  string: 'Feeder 11 kV – पोषक ⚡',
  bytes: Buffer.from(Array.from({ length: SEALED_OCTETS }, (_, index) => index)),
  boolean: true,
  int: LARGEST_INT,
  long: LARGEST_LONG,
  double: -0.1,
};

function sampleOfComplex(name: SampleName, type: RawSchema, known: readonly string[] | undefined): unknown {
  if (type['type'] === 'record') return sampleOfFields(name, type['fields'] as Field[]);
  if (type['logicalType'] === 'timestamp-millis') return name === 'smallest' ? new Date(0) : SAMPLE_INSTANT;
  if (name === 'smallest') return [];
  return [sampleOf('fullest', type['items'], known), sampleOf('smallest', type['items'], known)];
}

function sampleOf(name: SampleName, type: unknown, known: readonly string[] | undefined): unknown {
  if (Array.isArray(type)) return name === 'smallest' ? null : sampleOf(name, type[1], known);
  if (typeof type !== 'string') return sampleOfComplex(name, type as RawSchema, known);
  if (known !== undefined) return name === 'smallest' ? known[0] : known.at(-1);
  return (name === 'smallest' ? smallest : fullest)[type];
}

const sampleOfFields = (name: SampleName, fields: readonly Field[]): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [field.name, sampleOf(name, field.type, field.knownValues)]));

/** Makes a lawful value of a schema, always the same one. */
export function sampleRecord(schema: RawSchema, name: SampleName): Record<string, unknown> {
  const sample = sampleOfFields(name, schema['fields'] as Field[]);
  const envelope = Object.entries(ENVELOPE).filter(([field]) => field in sample);
  return { ...sample, ...Object.fromEntries(envelope) };
}

/** A value as JSON: instants in ISO 8601, octets as hexadecimal text. */
export function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
