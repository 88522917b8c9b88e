import { expect, test } from '@jest/globals';
import { spanLines } from './span-line.ts';

test('spanLines takes an export apart, one line a span', () => {
  const lines = spanLines({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'outage' } }] },
        scopeSpans: [
          {
            spans: [
              {
                traceId: 'a1',
                spanId: 'b2',
                name: 'POST /v1/outages',
                kind: 2,
                startTimeUnixNano: '1769761800000000000',
                endTimeUnixNano: '1769761800005000000',
                attributes: [
                  { key: 'http.response.status_code', value: { intValue: '201' } },
                  { key: 'nodes', value: { arrayValue: { values: [{ stringValue: 'F-1101' }] } } },
                ],
                links: [{ traceId: 'c3', spanId: 'd4' }],
                status: { code: 1 },
              },
            ],
          },
        ],
      },
    ],
  });

  expect(lines).toEqual([
    {
      service: 'outage',
      traceId: 'a1',
      spanId: 'b2',
      parentSpanId: '',
      name: 'POST /v1/outages',
      kind: 'server',
      startTimeUnixNano: '1769761800000000000',
      endTimeUnixNano: '1769761800005000000',
      attributes: { 'http.response.status_code': 201, nodes: ['F-1101'] },
      links: [{ traceId: 'c3', spanId: 'd4' }],
      status: 'ok',
    },
  ]);
});

test('spanLines makes nothing of an empty export', () => {
  expect(spanLines({})).toEqual([]);
});
