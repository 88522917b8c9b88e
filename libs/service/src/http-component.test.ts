import { once } from 'node:events';
import { connect } from 'node:net';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { httpComponent } from './http-component.ts';
import { metric } from '@bijli/loop';
import { openLog } from './open-log.ts';
import type { Component } from '@bijli/loop';
import { problem } from './problem.ts';
import { instant, pageQuery } from './schemas.ts';

const CANARY = '9876500042';
const lines: string[] = [];
const log = openLog('little', 'debug', { write: (line) => void lines.push(line) });
const { promise: slowMayEnd, resolve: endSlow } = Promise.withResolvers<void>();

async function* longText(breaks: boolean): AsyncGenerator<string> {
  for (let piece = 0; piece < 100; piece += 1) {
    if (breaks && piece === 50) throw new Error(`secret of ${CANARY}`);
    yield `${piece},`.repeat(1_000);
  }
}

const newThing = z.strictObject({ names: z.array(z.string().max(20)).min(1), at: instant.optional() });
const api = {
  title: 'little',
  description: 'A little service.',
  tags: [{ name: 'All', description: 'Everything', paths: ['/v1'] }],
};
const endpoints = [
  endpoint({
    method: 'post',
    path: '/v1/things/{id}',
    operationId: 'makeThing',
    summary: 'Make a thing',
    params: z.object({ id: z.string() }),
    body: newThing,
    responses: { 201: { description: 'Made', body: newThing } },
    handle: ({ params, body }) => ({ status: 201, body: { id: params.id, ...body }, headers: { etag: '"1"' } }),
  }),
  endpoint({
    method: 'get',
    path: '/v1/things',
    operationId: 'listThings',
    summary: 'List',
    query: z.strictObject(pageQuery),
    responses: { 200: { description: 'A page' } },
    handle: ({ query }) => ({ status: 200, body: query }),
  }),
  endpoint({
    method: 'get',
    path: '/v1/refused',
    operationId: 'refuse',
    summary: 'Refuse',
    responses: {},
    handle: () => problem(409, 'already-out', 'Out already', { outageId: 'o-1' }),
  }),
  endpoint({
    method: 'get',
    path: '/v1/long',
    operationId: 'giveLong',
    summary: 'Give a long text',
    query: z.strictObject({ breaks: z.string().optional() }),
    responses: {},
    handle: ({ query }) => ({ status: 200, contentType: 'text/csv', body: longText(query.breaks !== undefined) }),
  }),
  endpoint({
    method: 'get',
    path: '/v1/broken',
    operationId: 'breakDown',
    summary: 'Break',
    responses: {},
    handle: () => {
      throw new Error(`secret of ${CANARY}`);
    },
  }),
  endpoint({
    method: 'get',
    path: '/v1/away',
    operationId: 'findAway',
    summary: 'Find the database away',
    responses: {},
    handle: () => {
      throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED', detail: 'Key (name)=(Ram)' });
    },
  }),
  endpoint({
    method: 'get',
    path: '/v1/slow',
    operationId: 'waitLong',
    summary: 'Wait',
    responses: {},
    handle: async () => {
      await slowMayEnd;
      return { status: 200, body: 'late' };
    },
  }),
  endpoint({
    method: 'put',
    path: '/v1/file',
    operationId: 'upload',
    summary: 'Upload',
    rawBody: 'text/csv',
    responses: { 200: { description: 'Rows' } },
    handle: async ({ request }) => {
      let bytes = 0;
      for await (const chunk of request) bytes += (chunk as Buffer).length;
      return { status: 200, body: { bytes } };
    },
  }),
];

const sick: Component = {
  name: 'relay',
  start: async () => {},
  stop: async () => {},
  ready: () => {
    throw new RangeError(CANARY);
  },
  metrics: () => [
    metric('bijli_sent_total', 'Messages sent', 9),
    {
      name: 'bijli_waiting',
      help: 'Messages that wait',
      samples: [
        { labels: { reason: 'says "no"\n' }, value: 3 },
        { labels: { reason: 'late' }, value: 0 },
      ],
    },
  ],
};
const failing: Component = {
  name: 'inbox',
  start: async () => {},
  stop: async () => {},
  alive: () => ({ ok: true, detail: 'polled 2 s ago' }),
  metrics: () => {
    throw new Error();
  },
};
const http = httpComponent({
  api,
  name: 'little',
  version: '1.2.3',
  host: '127.0.0.1',
  port: 0,
  log,
  endpoints,
  components: [sick, failing],
  isTransient: (error) => (error as { code?: unknown }).code === 'ECONNREFUSED',
});
const url = (path: string) => `http://127.0.0.1:${http.port()}${path}`;
const json = { 'content-type': 'application/json' };
const post = (body: string | Buffer, headers: Record<string, string> = json) =>
  fetch(url('/v1/things/7'), { method: 'POST', headers, body });

async function answer(
  response: Response | Promise<Response>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const awaited = await response;
  return { status: awaited.status, body: (await awaited.json()) as Record<string, unknown> };
}

beforeAll(() => http.start());
afterAll(() => http.stop());

describe('an endpoint', () => {
  test('gets what was parsed, and its reply goes out with its headers', async () => {
    const response = await post(JSON.stringify({ names: ['a'], at: '2026-01-30T14:05:00+05:30' }));

    expect(response.headers.get('etag')).toBe('"1"');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await answer(response)).toEqual({
      status: 201,
      body: { id: '7', names: ['a'], at: '2026-01-30T08:35:00.000Z' },
    });
  });

  test('may refuse by returning a problem', async () => {
    const response = await fetch(url('/v1/refused'));

    expect(response.headers.get('content-type')).toMatch('application/problem+json');
    expect(await answer(response)).toEqual({
      status: 409,
      body: { type: '/problems/already-out', title: 'Out already', status: 409, code: 'already-out', outageId: 'o-1' },
    });
  });

  test('may give a long text piece by piece', async () => {
    const reply = await fetch(url('/v1/long'));

    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect((await reply.text()).length).toBe(1_000 * (10 * 2 + 90 * 3));
  });

  test('that fails in the middle of a long text is cut off, so that nobody takes the half for the whole', async () => {
    const before = lines.length;
    const reply = await fetch(url('/v1/long?breaks=1'));

    await expect(reply.text()).rejects.toThrow();
    await until(() => lines.slice(before).some((line) => line.includes('/v1/long')), { describe: 'a line in the log' });
    expect(lines.slice(before).join('')).not.toContain(CANARY);
  });

  test('that throws answers 500 and tells the log, masked', async () => {
    expect(await answer(fetch(url('/v1/broken')))).toEqual({
      status: 500,
      body: { type: '/problems/internal', title: 'Something went wrong on our side', status: 500, code: 'internal' },
    });
    expect(lines.filter((line) => line.includes('"route":"/v1/broken"') && line.includes('secret of'))).toHaveLength(1);
  });

  test('that throws what heals by itself answers 503 and when to ask again', async () => {
    const response = await fetch(url('/v1/away'));

    expect(response.headers.get('retry-after')).toBe('5');
    expect(await answer(response)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(lines.filter((line) => line.includes('"route":"/v1/away"') && line.includes('"level":"warn"'))).toHaveLength(
      1,
    );
  });

  test('that throws lets no property of a driver into the log', () => {
    expect(lines.filter((line) => line.includes('/v1/broken') || line.includes('/v1/away')).join('')).not.toMatch(
      /Ram|detail/,
    );
  });

  test('with rawBody gets the stream, of its media type only', async () => {
    const put = (type: string) =>
      fetch(url('/v1/file'), { method: 'PUT', headers: { 'content-type': type }, body: 'x'.repeat(300_000) });

    expect(await answer(put('text/csv; charset=utf-8'))).toEqual({ status: 200, body: { bytes: 300_000 } });
    expect((await put('text/plain')).status).toBe(415);
  });

  test('whose schema lets unknown fields pass keeps the service from starting', () => {
    const loose = endpoint({
      method: 'post',
      path: '/x',
      operationId: 'nest',
      summary: 'x',
      body: z.strictObject({ inner: z.array(z.object({})) }),
      responses: {},
      handle: () => ({ status: 204 }),
    });

    expect(() =>
      httpComponent({ api, name: 'x', version: '0', host: '', port: 0, log, components: [], endpoints: [loose] }),
    ).toThrow('post /x: body.inner[] lets unknown fields pass');
  });
});

describe('bad input', () => {
  const errors = async (response: Promise<Response>) => {
    const { status, body } = await answer(response);
    return {
      status,
      errors: (body['errors'] as { field: string; rule: string }[]).map(({ field, rule }) => `${field} ${rule}`),
    };
  };

  test.each([
    ['a wrong type', '{"names":"x"}', '/body/names type'],
    ['nothing', '', '/body required'],
    ['a missing field', '{}', '/body/names required'],
    ['an unknown field', '{"names":["a"],"nmaes":1}', '/body/nmaes unknown-field'],
    ['an unknown field that is a mobile number', `{"names":["a"],"${CANARY}":1}`, '/body/? unknown-field'],
    ['invalid JSON', '{"names":', '/body json'],
    ['deep JSON', '['.repeat(40_000), '/body depth'],
    ['__proto__', '{"names":["a"],"__proto__":{}}', '/body/__proto__ reserved-key'],
    ['duplicate keys', '{"names":["a"],"names":["b"]}', '/body/names duplicate-key'],
    ['NUL', '{"names":["a\\u0000"]}', '/body/names/0 nul-character'],
    ['a time without zone', '{"names":["a"],"at":"2026-01-30T14:05:00"}', '/body/at instant'],
    ['a day that is not', '{"names":["a"],"at":"2026-02-30T14:05:00Z"}', '/body/at instant'],
    ['a time that is a number', '{"names":["a"],"at":1}', '/body/at type'],
  ])('%s is refused with field and rule', async (_what, body, error) => {
    expect(await errors(post(body))).toEqual({ status: 400, errors: [error] });
  });

  test('everything wrong is told at once', async () => {
    expect(await errors(post('{"names":[1,"xxxxxxxxxxxxxxxxxxxxx"],"at":"x"}'))).toEqual({
      status: 400,
      errors: ['/body/names/0 type', '/body/names/1 maximum', '/body/at instant'],
    });
  });

  test('bytes that are not UTF-8 are refused', async () => {
    expect(await errors(post(Buffer.from([0x22, 0xff, 0x22])))).toEqual({ status: 400, errors: ['/body utf-8'] });
  });

  test.each([
    ['?limit=1000000000', '/query/limit maximum'],
    ['?limit=0', '/query/limit format'],
    ['?limit=1e2', '/query/limit format'],
    ['?limit=1&limit=2', '/query/limit duplicate-key'],
    ['?limit[]=1', '/query/? unknown-field'],
    ['?cursor=%00', '/query/cursor nul-character'],
    ['?cursor=../..', '/query/cursor format'],
    [`?${CANARY}=1`, '/query/? unknown-field'],
  ])('query %s is refused', async (query, error) => {
    expect(await errors(fetch(url(`/v1/things${query}`)))).toEqual({ status: 400, errors: [error] });
  });

  test.each([
    ['no content type', {}],
    ['text', { 'content-type': 'text/plain' }],
    ['another charset', { 'content-type': 'application/json; charset=utf-16' }],
    ['compression', { ...json, 'content-encoding': 'gzip' }],
  ])('%s is 415', async (_what, headers) => {
    expect((await post(Buffer.from('{"names":["a"]}'), headers)).status).toBe(415);
  });

  test('1 MB is 413, and the caller can read the answer', async () => {
    expect(await answer(post(JSON.stringify({ names: ['x'.repeat(1_000_000)] })))).toMatchObject({
      status: 413,
      body: { code: 'too-large' },
    });
  });

  test('another method is 405 and names those there are', async () => {
    const response = await fetch(url('/v1/things'), { method: 'DELETE' });

    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await response.json()).toMatchObject({
      title: 'This method is not allowed here; Allow names those that are',
    });
  });

  test('what is wrong with an address or a field that is given twice is said in words', async () => {
    expect(await (await fetch(url('/v1/nothing'))).json()).toMatchObject({ title: 'No endpoint has this address' });
    expect(await (await fetch(url('/v1/things?limit=1&limit=2'))).json()).toMatchObject({
      errors: [{ detail: 'This field is given twice' }],
    });
  });

  test('a body where none belongs is refused', async () => {
    const answered = await raw(`GET /v1/refused HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`);

    expect(answered).toMatch(/^HTTP\/1.1 400 .*not-allowed/s);
  });

  test.each(['/v1/../v1/nothing', '/v1/%2e%2e%2fetc', '/v1/things/7/%00', '/v1/nothing?x=1'])(
    '%s is 404',
    async (path) => {
      expect(await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 404 /);
    },
  );

  test('a path that is not valid percent-encoding is 400', async () => {
    expect((await fetch(url('/v1/things/%E0%A4%A'), { method: 'POST' })).status).toBe(400);
  });
});

describe('the pages of every service', () => {
  test('/readyz names the component that is not ready, and why only by its kind', async () => {
    expect(await answer(fetch(url('/readyz')))).toEqual({
      status: 503,
      body: {
        ok: false,
        parts: { relay: { ok: false, detail: 'RangeError' }, inbox: { ok: true }, http: { ok: true } },
      },
    });
  });

  test('/livez tells progress', async () => {
    expect(await answer(fetch(url('/livez')))).toMatchObject({
      status: 200,
      body: { ok: true, parts: { inbox: { detail: 'polled 2 s ago' } } },
    });
  });

  test('/metrics is Prometheus text; a component that fails to give its own is counted by name', async () => {
    const text = await (await fetch(url('/metrics'))).text();

    expect(text).toContain(
      '# HELP bijli_sent_total Messages sent\n# TYPE bijli_sent_total counter\nbijli_sent_total{part="relay",service="little"} 9',
    );
    expect(text).toContain('bijli_waiting{part="relay",reason="says \\"no\\"\\n",service="little"} 3');
    expect(text).toContain('bijli_waiting{part="relay",reason="late",service="little"} 0');
    expect(text).toContain('bijli_metrics_failed{part="inbox",service="little"} 1');
    expect(text).toMatch(/process_resident_memory_bytes\{service="little"\} \d{7}/);
    expect(
      text.split('\n').filter((line) => !/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{.*\} [\d.e-]+|)$/.test(line)),
    ).toEqual([]);
  });

  test('/metrics counts requests in classes of their duration, by the pattern of their route', async () => {
    await post('{"names":["a"]}');
    const text = await (await fetch(url('/metrics'))).text();

    const labels = 'service="little",method="POST",route="/v1/things/:id",status="201"';
    expect(text).toContain('# TYPE http_request_duration_seconds histogram');
    expect(text).toMatch(new RegExp(`http_request_duration_seconds_bucket\\{le="0.1",${labels}\\} \\d`));
    expect(text).toMatch(new RegExp(`http_request_duration_seconds_count\\{${labels}\\} [1-9]`));
  });

  test('/version and /openapi.json', async () => {
    const document = (await (await fetch(url('/openapi.json'))).json()) as {
      openapi: string;
      paths: Record<string, unknown>;
    };

    expect(await answer(fetch(url('/version')))).toEqual({
      status: 200,
      body: { name: 'little', version: '1.2.3', node: process.version },
    });
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual([
      '/v1/things/{id}',
      '/v1/things',
      '/v1/refused',
      '/v1/long',
      '/v1/broken',
      '/v1/away',
      '/v1/slow',
      '/v1/file',
    ]);
    expect(JSON.stringify(document.paths['/v1/things/{id}'])).toContain('#/components/schemas/Problem');
  });

  test('/docs is a viewer that asks nothing of another host', async () => {
    const page = await fetch(url('/docs'));
    const html = await page.text();
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');

    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    expect(html).not.toMatch(/https?:|<script>|style=/);
    expect(files).toHaveLength(4);
    for (const file of files) expect((await fetch(url(`/docs/${file}`))).status).toBe(200);
    expect((await fetch(url('/docs/package.json'))).status).toBe(404);
  });

  test('the root of a service leads to its viewer', async () => {
    const answered = await fetch(url('/'), { redirect: 'manual' });

    expect([answered.status, answered.headers.get('location')]).toEqual([308, 'docs/']);
    expect((await fetch(url('/'))).url).toBe(url('/docs/'));
  });

  test('every answer forbids sniffing and framing', async () => {
    const { headers } = await fetch(url('/v1/nothing'));

    expect([
      headers.get('x-content-type-options'),
      headers.get('x-frame-options'),
      headers.get('x-powered-by'),
    ]).toEqual(['nosniff', 'SAMEORIGIN', null]);
  });
});

describe('the request log', () => {
  test('knows routes, and neither paths, queries, headers nor bodies', async () => {
    await fetch(url(`/v1/things/${CANARY}?q=${CANARY}`), {
      method: 'POST',
      headers: { ...json, 'x-mobile': CANARY, authorization: 'Bearer sesame' },
      body: JSON.stringify({ names: [CANARY] }),
    });
    await fetch(url(`/v1/${CANARY}`));

    const text = lines.join('');
    expect(text).not.toMatch(/98765|sesame|user-agent/);
    expect(text).toMatch(/"method":"POST","route":"\/v1\/things\/:id","status":400/);
    expect(text).toMatch(/"route":"none","status":404/);
  });
});

describe('stopping', () => {
  test('is not ready, takes no new connection, and lets what is in flight finish', async () => {
    const other = httpComponent({
      api,
      name: 'other',
      version: '0',
      host: '127.0.0.1',
      port: 0,
      log,
      endpoints,
      components: [],
    });
    await other.start();
    const address = `http://127.0.0.1:${other.port()}`;
    const arrived = Promise.withResolvers<void>();
    const inFlight = fetch(`${address}/v1/slow`);
    await fetch(`${address}/v1/refused`).then(() => arrived.resolve());
    await arrived.promise;

    const stopped = other.stop();
    expect(await other.ready?.()).toEqual({ ok: false, detail: 'stopping' });
    await expect(fetch(`${address}/version`)).rejects.toThrow();
    endSlow();

    expect(await (await inFlight).json()).toBe('late');
    await stopped;
  });

  test('is harmless where starting failed', async () => {
    const taken = httpComponent({
      api,
      name: 'taken',
      version: '0',
      host: '127.0.0.1',
      port: http.port(),
      log,
      endpoints: [],
      components: [],
    });

    await expect(taken.start()).rejects.toThrow('EADDRINUSE');
    await taken.stop();
  });
});

async function raw(request: string): Promise<string> {
  const socket = connect(http.port(), '127.0.0.1');
  socket.end(request);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  await once(socket, 'close');
  return text;
}
