import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyRecord } from '../test/any-record.ts';
import { oracle } from '../test/oracle.ts';
import { recordCodec } from './record-codec.ts';
import { decodeRecord, encodeRecord } from './schema-tools.ts';

const record = (...fields: object[]): object => ({ type: 'record', name: 'Meter', namespace: 'bijli.test', fields });

const older = record(
  { name: 'code', type: 'string' },
  { name: 'readAt', type: { type: 'long', logicalType: 'timestamp-millis' } },
  { name: 'gone', type: { type: 'array', items: 'string' }, default: [] },
  { name: 'note', type: ['null', 'string'], default: null },
);

const newer = record(
  { name: 'code', type: 'string' },
  { name: 'readAt', type: { type: 'long', logicalType: 'timestamp-millis' } },
  { name: 'note', type: ['null', 'string'], default: null },
  { name: 'sealed', type: ['null', 'bytes'], default: null },
  { name: 'place', type: 'string', default: 'unknown' },
);

describe('a record written by another version', () => {
  test('is read as a second implementation reads it, old by new and new by old', () => {
    const read = (writer: object, reader: object, octets: Buffer): unknown => {
      const theirs = oracle(reader);
      return theirs.fromBuffer(octets, theirs.createResolver(oracle(writer)));
    };
    for (const [writer, reader] of [
      [older, newer],
      [newer, older],
    ] as const) {
      fc.assert(
        fc.property(anyRecord(writer), (value) => {
          const octets = encodeRecord(writer, value);
          expect(decodeRecord({ writer, reader }, octets)).toEqual(plainObject(read(writer, reader, octets)));
        }),
      );
    }
  });

  test('has defaults where its writer knew no field', () => {
    const octets = encodeRecord(older, { code: 'M-1', readAt: new Date(5), gone: ['x'], note: 'y' });

    expect(decodeRecord({ writer: older, reader: newer }, octets)).toEqual({
      code: 'M-1',
      readAt: new Date(5),
      note: 'y',
      sealed: null,
      place: 'unknown',
    });
  });

  test('is read without the fields that its reader does not know, whatever they are', () => {
    const instant = { type: 'long', logicalType: 'timestamp-millis' };
    const types = ['string', 'bytes', 'int', 'long', 'boolean', 'double', instant, { type: 'array', items: instant }];
    for (const type of types) {
      const field = { name: 'later', type: ['null', type], default: null };
      const writer = record({ name: 'plain', type }, field, { name: 'code', type: 'string' });
      const reader = record({ name: 'code', type: 'string' });
      fc.assert(
        fc.property(anyRecord(writer), (value) => {
          const read = decodeRecord({ writer, reader }, encodeRecord(writer, value));
          expect(read).toEqual({ code: value['code'] });
        }),
        { numRuns: 20 },
      );
    }
  });

  test('reads a value where the field has become nullable, and not the other way', () => {
    const bare = record({ name: 'code', type: 'string' });
    const nullable = record({ name: 'code', type: ['null', 'string'], default: null });

    const octets = encodeRecord(bare, { code: 'M-1' });
    expect(decodeRecord({ writer: bare, reader: nullable }, octets)).toEqual({ code: 'M-1' });
    expect(() => decodeRecord({ writer: nullable, reader: bare }, octets)).toThrow('cannot read');
  });

  test('reads a plain long where the field has become an instant', () => {
    const long = record({ name: 'readAt', type: 'long' });
    const instant = record({ name: 'readAt', type: { type: 'long', logicalType: 'timestamp-millis' } });

    const octets = encodeRecord(long, { readAt: 5 });
    expect(decodeRecord({ writer: long, reader: instant }, octets)).toEqual({ readAt: new Date(5) });
    expect(decodeRecord({ writer: instant, reader: long }, octets)).toEqual({ readAt: 5 });
  });
});

describe('recordCodec', () => {
  test.each([
    ['a union of three', ['null', 'string', 'long']],
    ['a union whose null comes second', ['string', 'null']],
    ['a union of null alone', ['null']],
    ['an instant that is no long', { type: 'string', logicalType: 'timestamp-millis' }],
  ])('refuses %s', (_name, type) => {
    expect(() => recordCodec(record({ name: 'code', type }))).toThrow();
  });

  test('refuses what is no record', () => {
    expect(() => recordCodec({ type: 'array', items: 'string' })).toThrow('a schema describes one record');
  });

  test('refuses a branch that a nullable field does not have', () => {
    const nullable = record({ name: 'code', type: ['null', 'string'], default: null });

    expect(() => decodeRecord({ writer: nullable, reader: nullable }, Buffer.from('0400', 'hex'))).toThrow(
      'code is malformed',
    );
  });
});

const plainObject = (value: unknown): object => ({ ...(value as object) });
