import fc from 'fast-check';

type Field = { readonly name: string; readonly type: unknown; readonly knownValues?: readonly string[] };

const LARGEST_LONG = 9_007_199_254_740_990;
/** Below, both libraries compute the zigzag form of a long inexactly; `exact-long.test.ts` goes there. */
const SMALLEST_LONG = -(2 ** 52);
const EARLIEST = new Date(SMALLEST_LONG);

const primitives: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: fc.string({ unit: 'grapheme', maxLength: 40 }),
  bytes: fc.uint8Array({ maxLength: 32 }).map((octets) => Buffer.from(octets)),
  boolean: fc.boolean(),
  int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  long: fc.integer({ min: SMALLEST_LONG, max: LARGEST_LONG }),
  double: fc.double({ noNaN: true }),
};

function anyComplex(type: Record<string, unknown>, known: readonly string[] | undefined): fc.Arbitrary<unknown> {
  if (type['type'] === 'record') return anyFields(type['fields'] as Field[]);
  if (type['logicalType'] === 'timestamp-millis') return fc.date({ min: EARLIEST, noInvalidDate: true });
  return fc.array(anyOf(type['items'], known), { maxLength: 4 });
}

function anyOf(type: unknown, known: readonly string[] | undefined): fc.Arbitrary<unknown> {
  if (Array.isArray(type)) return fc.option(anyOf(type[1], known));
  if (typeof type !== 'string') return anyComplex(type as Record<string, unknown>, known);
  if (type === 'string' && known !== undefined) return fc.constantFrom(...known);
  return primitives[type] ?? fc.constant(undefined);
}

const anyFields = (fields: readonly Field[]): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(fields.map((field) => [field.name, anyOf(field.type, field.knownValues)])));

/** Any value that fits a schema. */
export function anyRecord(schema: object): fc.Arbitrary<Record<string, unknown>> {
  return anyFields((schema as { fields: Field[] }).fields);
}

/** Any event that fits a schema: its envelope is lawful. */
export function anyEvent(schema: object): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .tuple(anyRecord(schema), fc.uuid({ version: 7 }), fc.integer({ min: 1, max: LARGEST_LONG }))
    .map(([record, eventId, version]) => ({ ...record, eventId, version, aggregateId: `A${record['aggregateId']}` }));
}
