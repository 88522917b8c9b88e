import { type ApiDescription, type Endpoint, endpoint } from '@bijli/service';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { apiDocumentsGate } from './api-documents-gate.ts';

const now = new Date('2026-01-30T08:35:00Z');
const api: ApiDescription = {
  title: 'lamps',
  description: 'Lamps in streets.',
  tags: [{ name: 'Lamps', description: 'All of them', paths: ['/v1/lamps'] }],
};
const lampNumber = z.string().regex(/^L-[0-9]+$/);
const good = {
  method: 'post',
  path: '/v1/lamps/{number}',
  operationId: 'lightLamp',
  summary: 'Light a lamp',
  description: 'It shines until it is put out.',
  params: z.strictObject({ number: lampNumber.meta({ description: 'Number of the lamp', example: 'L-1' }) }),
  body: z.strictObject({ percent: z.int().min(1).max(100) }),
  examples: () => ({ body: { percent: 80 } }),
  responses: { 200: { description: 'It shines' } },
  handle: () => ({ status: 200 }),
} as const;

const found = (...endpoints: Endpoint[]): string[] => apiDocumentsGate([{ name: 'lamps', api, endpoints }], now);

describe('the gate of OpenAPI documents', () => {
  test('finds nothing in a document that is whole', () => {
    expect(found(endpoint(good))).toEqual([]);
  });

  test.each([
    ['an operation without a description', { description: undefined }, 'operation-description'],
    ['a parameter without a description', { params: z.strictObject({ number: lampNumber }) }, 'parameter-description'],
    ['a parameter that is not in the path', { path: '/v1/lamps' }, 'path-parameters-defined'],
    ['an operation without a summary', { summary: '' }, 'operation-summary'],
    ['no example of the body', { examples: undefined }, 'has no example of its body'],
    ['an example that would be refused', { examples: () => ({ body: { percent: 0 } }) }, 'would refuse the example'],
  ])('finds %s', (_what, change, finding) => {
    expect(found(endpoint({ ...good, ...change } as typeof good)).join('\n')).toContain(finding);
  });

  test('finds two operations with one name', () => {
    const other = { ...good, path: '/v1/lamps/{number}/darkness' } as const;

    expect(found(endpoint(good), endpoint(other)).join('\n')).toContain('operation-operationId-unique');
  });

  test('refuses an endpoint that belongs to no tag', () => {
    expect(() => found(endpoint({ ...good, path: '/v1/posts/{number}' }))).toThrow('no tag');
  });
});
