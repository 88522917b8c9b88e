import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { engineWith } from './container-engine.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Something that listens where an engine is said to be. @param answer the status for a path; null answers nothing. */
async function listen(answer: (path: string) => number | null): Promise<string> {
  const server = createServer((request, response) => {
    const status = answer(request.url ?? '');
    if (status !== null) response.writeHead(status).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('engineWith', () => {
  test('is content with an engine that has every image', async () => {
    const engine = await listen(() => 200);

    expect(await engineWith(['postgres:18.4', 'apache/kafka:4.3.1'], engine)).toEqual({ ok: true });
  });

  test('names the image that is missing', async () => {
    const engine = await listen((path) => (path === '/images/apache/kafka:4.3.1/json' ? 404 : 200));

    expect(await engineWith(['postgres:18.4', 'apache/kafka:4.3.1'], engine)).toEqual({
      ok: false,
      because: 'the container engine has no apache/kafka:4.3.1',
    });
  });

  test.each([
    ['there is no socket', async () => 'unix:///nowhere/docker.sock'],
    ['nobody listens', async () => 'tcp://127.0.0.1:9'],
    ['it answers with an error', async () => listen(() => 500)],
    ['it never answers', async () => listen(() => null)],
  ])('says within a second that no engine answers when %s', async (_, address) => {
    const host = await address();
    const began = performance.now();

    expect(await engineWith(['postgres:18.4'], host)).toEqual({ ok: false, because: 'no container engine answers' });
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test('does not ask over ssh', async () => {
    expect(await engineWith([], 'ssh://somebody@somewhere')).toMatchObject({ ok: false });
  });
});
