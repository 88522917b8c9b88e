import { describe, expect, test } from '@jest/globals';
import { schemaOf } from './crd-schema.ts';

const definition = (properties: object) => ({
  spec: {
    group: 'x.example',
    names: { kind: 'Lamp' },
    versions: [
      { name: 'v1', schema: { openAPIV3Schema: { type: 'object', properties: { status: {}, ...properties } } } },
    ],
  },
});
const specOf = (spec: object) => (schemaOf(definition({ spec }), 'v1')['properties'] as { spec: object }).spec;

describe('schemaOf', () => {
  test('refuses what a definition does not name, but for its status, which it leaves out', () => {
    expect(schemaOf(definition({ kind: { type: 'string', description: 'text' } }), 'v1')).toEqual({
      type: 'object',
      properties: { kind: { type: 'string' } },
      additionalProperties: false,
    });
  });

  test('leaves open what the definition leaves open', () => {
    const lit = { lit: { type: 'boolean' } };

    expect(specOf({ type: 'object', properties: lit, 'x-kubernetes-preserve-unknown-fields': true })).toEqual({
      type: 'object',
      properties: lit,
    });
    expect(specOf({ type: 'object', additionalProperties: { type: 'string', format: 'byte' } })).toEqual({
      type: 'object',
      additionalProperties: { type: 'string' },
    });
  });

  test('keeps bounds and alternatives, and what may be a number or a text', () => {
    const port = { 'x-kubernetes-int-or-string': true };
    const oneOf = [{ properties: { port: {} }, required: ['port'] }];

    expect(specOf({ type: 'object', required: ['port'], properties: { port }, oneOf })).toEqual({
      type: 'object',
      required: ['port'],
      properties: { port: { anyOf: [{ type: 'integer' }, { type: 'string' }] } },
      oneOf: [{ properties: { port: {} }, required: ['port'] }],
      additionalProperties: false,
    });
    expect(specOf({ type: 'integer', minimum: 1, nullable: true })).toEqual({ type: ['integer', 'null'], minimum: 1 });
  });

  test('refuses a version that is not there', () => {
    expect(() => schemaOf(definition({}), 'v2')).toThrow('Lamp has no version v2');
  });
});
