import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { openApiDocument } from './openapi.ts';
import { refusalResponses } from './refusal-responses.ts';
import { idempotencyKey, ifMatch, instant, pageQuery } from './schemas.ts';

const api = {
  title: 'lamps',
  description: 'Lamps in streets.',
  tags: [{ name: 'Lamps', description: 'All of them', paths: ['/v1/lamps'] }],
};
const light = endpoint({
  method: 'put',
  path: '/v1/lamps/{number}/light',
  operationId: 'lightLamp',
  summary: 'Light a lamp',
  params: z.strictObject({ number: z.string().meta({ description: 'Its number', example: 'L-9' }) }),
  query: z.strictObject({ ...pageQuery, colour: z.string().optional().meta({ example: 'green' }) }),
  headers: z.object({ 'idempotency-key': idempotencyKey.optional(), 'if-match': ifMatch.optional() }),
  body: z.strictObject({ from: instant }),
  maxBodyBytes: 2_000,
  examples: (now) => ({ params: { number: 'L-1' }, body: { from: now.toISOString() } }),
  responses: {
    200: { description: 'It shines' },
    ...refusalResponses([
      { status: 409, code: 'lit-already', words: 'It shines already' },
      { status: 422, code: 'broken', words: 'It is broken' },
      { status: 409, code: 'stale', words: 'It has changed' },
    ]),
  },
  handle: () => ({ status: 200 }),
});

type Operation = {
  readonly tags: string[];
  readonly parameters: { name: string; schema: Record<string, unknown> }[];
  readonly requestBody: { description: string; content: Record<string, { example: unknown }> };
  readonly responses: Record<string, { description?: string; $ref?: string; content?: object }>;
};

function documentAt(now: string) {
  const document = openApiDocument({ version: '1.2.3', api, endpoints: [light], now: new Date(now) });
  return { document, operation: document.paths?.['/v1/lamps/{number}/light']?.['put'] as unknown as Operation };
}
const { document, operation } = documentAt('2026-01-30T08:35:00Z');
const parameter = (name: string): Record<string, unknown> | undefined =>
  operation.parameters.find((each) => each.name === name)?.schema;

describe('the OpenAPI document', () => {
  test('says what the service is, where it answers, and that nobody signs in', () => {
    expect(document).toMatchObject({
      info: { title: 'Bijli Alert: lamps', version: '1.2.3', license: { identifier: 'Apache-2.0' } },
      servers: [{ url: '/' }],
      security: [],
      tags: [{ name: 'Lamps', description: 'All of them' }],
    });
    expect(operation.tags).toEqual(['Lamps']);
  });

  test('states If-Match, keys, cursors and instants by the patterns that the code checks', () => {
    const holds = (name: string, text: string): boolean => new RegExp(String(parameter(name)?.['pattern'])).test(text);
    const from = (document.components?.schemas ?? {}) as Record<string, unknown>;
    expect(Object.keys(from)).toContain('Problem');

    for (const [tag, isTaken] of [
      ['"3"', true],
      ['3', false],
      ['*', false],
      ['W/"3"', false],
    ] as const)
      expect([holds('if-match', tag), ifMatch.safeParse(tag).success]).toEqual([isTaken, isTaken]);
    expect(parameter('idempotency-key')).toMatchObject({ maxLength: 255, pattern: '^[!-~]{1,255}$' });
    expect(parameter('limit')).toMatchObject({ type: 'integer', minimum: 1, maximum: 200, default: 50 });
    expect([holds('cursor', 'WzFd'), holds('cursor', 'a b')]).toEqual([true, false]);
  });

  test.each([
    '2026-01-30T14:05:00+05:30',
    '2026-01-30T14:05:00.5Z',
    '2026-01-30T14:05Z',
    '2026-01-30T14:05:00',
    '2026-01-30t14:05:00z',
  ])('takes %s as the code does', (text) => {
    const { pattern } = instant.meta() as { pattern: string };

    expect(new RegExp(pattern).test(text)).toBe(instant.safeParse(text).success);
  });

  test('has examples of the present moment, and none where a viewer would send it unasked', () => {
    const later = documentAt('2027-03-01T00:00:00Z').operation;

    expect(operation.requestBody.content['application/json']?.example).toEqual({ from: '2026-01-30T08:35:00.000Z' });
    expect(later.requestBody.content['application/json']?.example).toEqual({ from: '2027-03-01T00:00:00.000Z' });
    expect(parameter('number')?.['example']).toBe('L-1');
    expect(parameter('colour')).not.toHaveProperty('example');
  });

  test('names refusals by status, the size of a body, and a key that was used before', () => {
    expect(operation.requestBody.description).toContain('at most 2,000 bytes');
    expect(operation.responses).toMatchObject({
      400: { $ref: '#/components/responses/InvalidRequest' },
      409: { description: '`lit-already`: It shines already. `stale`: It has changed' },
      413: { $ref: '#/components/responses/TooLarge' },
      422: { description: expect.stringMatching(/`broken`: It is broken.*`key-reused`/) },
    });
    expect(document.components?.responses).not.toHaveProperty('KeyReused'); // nobody refers to it here
  });
});
