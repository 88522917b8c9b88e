import { describe, expect, test } from '@jest/globals';
import type { RawSchema } from './schema-files.ts';
import { subsetProblems } from './schemas-subset.ts';

const field = (name: string, type: unknown, doc = 'What it is.', rest: object = {}): object => ({
  name,
  type,
  doc,
  ...rest,
});

const instant = { type: 'long', logicalType: 'timestamp-millis' };

const envelope = [
  field('eventId', 'string'),
  field('type', 'string', 'What happened.', { knownValues: ['MeterRead'] }),
  field('occurredAt', instant, 'When it happened, UTC, milliseconds.'),
  field('aggregateId', 'string'),
  field('version', 'long', '1 for the first event, then without gaps.'),
];

const schema = (fields: object[], rest: object = {}): RawSchema => ({
  type: 'record',
  name: 'MeterEvent',
  namespace: 'bijli.smart_metering',
  doc: 'What happened to one meter.',
  fields,
  ...rest,
});

const rulesOf = (raw: RawSchema): string[] =>
  subsetProblems({ name: 'smart-metering/meter', service: 'smart-metering', text: '', schema: raw }).map(
    ({ rule }) => rule,
  );

describe('the schema subset', () => {
  test('allows what events are made of', () => {
    const reading = {
      type: 'record',
      name: 'Reading',
      doc: 'One.',
      fields: [field('duePaise', 'long', 'Dues, paise.')],
    };
    const fields = [
      field('readings', { type: 'array', items: reading }),
      field('seal', ['null', 'bytes'], 'The seal.', { default: null }),
      field('states', { type: 'array', items: 'string' }, 'States.', { knownValues: ['on', 'off'] }),
      field('restoredAt', ['null', instant], 'When it came back, UTC, milliseconds.', { default: null }),
      field('isPlanned', 'boolean'),
    ];

    expect(rulesOf(schema([...envelope, ...fields]))).toEqual([]);
  });

  test.each([
    ['an enum', field('kind', { type: 'enum', name: 'K', symbols: ['A'] }), ['type']],
    ['a map', field('kind', { type: 'map', values: 'string' }), ['type']],
    ['a fixed', field('kind', { type: 'fixed', name: 'F', size: 16 }), ['type']],
    ['a reference by name', field('kind', 'MeterEvent'), ['type']],
    ['a float', field('kind', 'float', 'Volts.'), ['type']],
    ['a union of two values', field('kind', ['string', 'long'], 'Number of.', { default: '' }), ['default', 'union']],
    ['a nullable field without default', field('kind', ['null', 'string']), ['default']],
    ['null for a text', field('kind', 'string', 'Kind.', { default: null }), ['default']],
    ['an instant as a number', field('seenAt', 'long', 'Milliseconds.'), ['instant']],
    ['an instant by another name', field('seen', instant, 'UTC, milliseconds.'), ['instant']],
    ['an instant without zone', field('seenAt', instant, 'When, milliseconds.'), ['unit']],
    ['a decimal', field('kind', { type: 'bytes', logicalType: 'decimal' }), ['logical-type']],
    ['a number without unit', field('height', 'int', 'How high.'), ['unit']],
    ['money in a double', field('duePaise', 'double', 'Dues, paise.'), ['money']],
    ['money in rupees', field('amountRupees', 'long', 'Number of rupees.'), ['money']],
    ['a mobile number', field('mobileNumber', 'string'), ['personal-data']],
    ['an address', field('streetAddress', 'string'), ['personal-data']],
    ['a snake', field('node_code', 'string'), ['name']],
    ['a field twice', field('eventId', 'string'), ['name']],
    ['no doc', { name: 'kind', type: 'string' }, ['doc']],
    ['an alias', field('kind', 'string', 'Kind.', { aliases: ['sort'] }), ['unknown-attribute']],
    ['known values of a number', field('kind', 'int', 'Number of.', { knownValues: ['a'] }), ['known-values']],
    ['a known value twice', field('kind', 'string', 'Kind.', { knownValues: ['a', 'a'] }), ['known-values']],
    ['a known value that is no word', field('kind', 'string', 'Kind.', { knownValues: ["a'"] }), ['known-values']],
    ['items of no octets', field('gaps', { type: 'array', items: 'null' }), ['zero-width-items']],
    ['arrays of arrays', field('gaps', { type: 'array', items: { type: 'array', items: 'string' } }), ['items']],
    [
      'items of an empty record',
      field('gaps', { type: 'array', items: { type: 'record', name: 'Gap', doc: 'None.', fields: [] } }),
      ['zero-width-items'],
    ],
  ])('refuses %s', (_name, wrong, rules) => {
    expect(rulesOf(schema([...envelope, wrong]))).toEqual(rules);
  });

  test.each([
    ['another namespace', schema(envelope, { namespace: 'bijli.outage' }), ['namespace']],
    ['no doc', schema(envelope, { doc: ' ' }), ['doc']],
    ['an enum as the whole', { type: 'enum', name: 'K', symbols: ['A'] }, ['record']],
    ['no event id', schema(envelope.slice(1)), ['envelope']],
    [
      'a type without known values',
      schema([...envelope.slice(2), envelope[0], field('type', 'string')] as object[]),
      ['envelope'],
    ],
  ])('refuses %s', (_name, raw, rules) => {
    expect(rulesOf(raw)).toEqual(rules);
  });
});
