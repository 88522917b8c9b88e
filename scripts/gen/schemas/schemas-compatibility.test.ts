import { describe, expect, test } from '@jest/globals';
import avsc from 'avsc';
import fc from 'fast-check';
import type { RawSchema } from './schema-files.ts';
import { incompatibilities, isSameOnTheWire } from './schemas-compatibility.ts';

const record = (fields: object[], name = 'Meter'): RawSchema => ({
  type: 'record',
  name,
  namespace: 'bijli.test',
  fields,
});

const code = { name: 'code', type: 'string' };
const nullable = { name: 'place', type: ['null', 'string'], default: null };
const array = (items: unknown): object => ({ name: 'list', type: { type: 'array', items }, default: [] });

describe('incompatibilities', () => {
  test.each([
    ['a nullable field added', [code], [code, nullable]],
    ['a field with default added', [code], [code, { name: 'place', type: 'string', default: '' }]],
    ['the order changed', [code, nullable], [nullable, code]],
    ['only words changed', [code], [{ ...code, doc: 'Other.', knownValues: ['a'] }]],
    ['a field added inside', [array(record([code], 'Item'))], [array(record([code, nullable], 'Item'))]],
  ])('has none where %s', (_name, one, other) => {
    expect(incompatibilities(record(one), record(other))).toEqual([]);
  });

  test.each([
    ['a field without default added', [code], [code, { name: 'place', type: 'string' }], 'place: is missing'],
    ['a field without default removed', [code, { name: 'place', type: 'string' }], [code], 'place: is missing'],
    ['a type changed', [code], [{ name: 'code', type: 'int' }], 'code: its type'],
    ['a number widened', [{ name: 'n', type: 'int' }], [{ name: 'n', type: 'long' }], 'n: its type'],
    ['a text turned to octets', [code], [{ name: 'code', type: 'bytes' }], 'code: its type'],
    ['a field became nullable', [{ name: 'place', type: 'string' }], [nullable], 'place: its type'],
    [
      'an instant became a number',
      [{ name: 'a', type: { type: 'long', logicalType: 'timestamp-millis' } }],
      [{ name: 'a', type: 'long' }],
      'a: its type',
    ],
    ['items changed', [array('string')], [array('long')], 'list[]: its type'],
    [
      'a record inside lost a field',
      [array(record([code, { name: 'n', type: 'int' }], 'Item'))],
      [array(record([code], 'Item'))],
      'list[].n: is missing',
    ],
    [
      'a record inside got another name',
      [array(record([code], 'Item'))],
      [array(record([code], 'Thing'))],
      'list[]: its name',
    ],
  ])('finds that %s, whichever is older', (_name, one, other, detail) => {
    for (const found of [
      incompatibilities(record(one), record(other)),
      incompatibilities(record(other), record(one)),
    ]) {
      expect(found).toHaveLength(1);
      expect(found[0]).toContain(detail);
    }
  });

  test('allows nothing that another implementation cannot resolve both ways', () => {
    const primitive = fc.constantFrom('string', 'bytes', 'int', 'long', 'boolean');
    const bare = primitive.map((type): object => ({ type }));
    const empty = { string: '', bytes: '', int: 0, long: 0, boolean: false };
    const withDefault = primitive.map((type): object => ({ type, default: empty[type as keyof typeof empty] }));
    const optional = primitive.map((type): object => ({ type: ['null', type], default: null }));
    const list = primitive.map((items): object => ({ type: { type: 'array', items } }));
    const field = fc
      .tuple(fc.constantFrom('a', 'b', 'c'), fc.oneof(bare, withDefault, optional, list))
      .map(([name, rest]) => ({ name, ...rest }));
    const schema = fc
      .uniqueArray(field, { selector: ({ name }) => name, minLength: 1 })
      .map((fields) => record(fields));
    const resolves = (writer: RawSchema, reader: RawSchema): boolean => {
      const readerType = avsc.Type.forSchema(reader as unknown as avsc.Schema);
      try {
        readerType.createResolver(avsc.Type.forSchema(writer as unknown as avsc.Schema));
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(schema, schema, (one, other) => {
        fc.pre(incompatibilities(one, other).length === 0);
        expect(resolves(one, other) && resolves(other, one)).toBe(true);
      }),
      { numRuns: 300, maxSkipsPerRun: 1_000 },
    );
  });
});

describe('isSameOnTheWire', () => {
  test('does not look at words', () => {
    const other = record([{ ...code, doc: 'Other.', knownValues: ['a'] }]);

    expect(isSameOnTheWire(record([code]), other)).toBe(true);
    expect(isSameOnTheWire(record([code]), record([code, nullable]))).toBe(false);
  });
});
