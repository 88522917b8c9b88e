import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startLittleService, type LittleService } from '../test/start-little-service.ts';

type Attribute = { readonly key: string; readonly value: { stringValue?: string; intValue?: number } };
type Span = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Attribute[];
};
type Export = {
  readonly resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { scope: { name: string }; spans: Span[] }[];
  }[];
};

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CANARY = '9876500042';
const bodies: string[] = [];
const SERVER_KIND = 2;

let receiver: Server;
let service: LittleService;
let answer: { traceparent: string };
let spans: (Span & { scope: string })[];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(
        `${request.method} ${request.url} ${request.headers['content-type']}\n${Buffer.concat(chunks).toString()}`,
      );
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve);
  });
  service = startLittleService({
    OTEL_SERVICE_NAME: 'little',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
  });
  const { port } = (await service.logged('little listens')) as { port: number };
  await service.logged('service is up');
  const base = `http://127.0.0.1:${port}`;
  await Promise.all(['/livez', '/readyz?x=1', '/metrics', '/docs/', '/version'].map((path) => fetch(`${base}${path}`)));
  const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01`, baggage: `mobile=${CANARY}`, 'user-agent': CANARY };
  const response = await fetch(`${base}/v1/traceparent/${CANARY}`, { headers });
  answer = (await response.json()) as { traceparent: string };
  expect(response.headers.get('trace-id')).toBe(TRACE);
  // The last spans leave when the service stops.
  service.child.kill('SIGTERM');
  await service.gone();
  spans = bodies
    .flatMap((body) => (JSON.parse(body.split('\n')[1] ?? '') as Export).resourceSpans)
    .flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, scope: scope.scope.name }))),
    );
});
afterAll(() => {
  receiver.close();
});

describe('telemetry', () => {
  test('exports OTLP JSON under the name of the service', () => {
    expect(bodies[0]).toMatch(/^POST \/v1\/traces application\/json\n/);
    expect(bodies.join('')).toContain('{"key":"service.name","value":{"stringValue":"little"}}');
  });

  test('makes the spans of HTTP, of express (which needs the hook) and of our own, in one trace, under the caller', () => {
    const [http, express, own] = [
      '@opentelemetry/instrumentation-http',
      '@opentelemetry/instrumentation-express',
      '@bijli/tracing',
    ].map((scope) => spans.find((span) => span.scope === scope));

    expect(spans).toHaveLength(3);
    expect(http).toMatchObject({
      name: 'GET /v1/traceparent/:id',
      kind: SERVER_KIND,
      traceId: TRACE,
      parentSpanId: '00f067aa0ba902b7',
    });
    expect(express).toMatchObject({
      name: expect.stringContaining('request handler'),
      traceId: TRACE,
      parentSpanId: http?.spanId,
    });
    expect(own).toMatchObject({ name: 'a step', traceId: TRACE, parentSpanId: express?.spanId });
  });

  test('gives the trace context to what the handler starts', () => {
    expect(answer).toEqual({ traceparent: `00-${TRACE}-${spans.find(({ name }) => name === 'a step')?.spanId}-01` });
  });

  test('puts the trace id into the log', () => {
    expect(service.lines.find((line) => line['route'] === '/v1/traceparent/:id')).toMatchObject({ traceId: TRACE });
  });

  test('lets no path, query, agent, address or number out', () => {
    const text = JSON.stringify(spans);

    expect(text).not.toContain(CANARY.slice(0, 6));
    expect(
      spans
        .flatMap(({ attributes }) => attributes.map(({ key }) => key))
        .filter((key) => /^url\.|target|user_agent|peer|client/.test(key) && key !== 'url.scheme'),
    ).toEqual([]);
  });
});
