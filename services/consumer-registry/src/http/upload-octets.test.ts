import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { uploadOctets } from './upload-octets.ts';

/** Answers what was read of an upload, and whether its sender fell silent. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { octets, isSilent } = uploadOctets(request, 50);
  let text = '';
  try {
    for await (const chunk of octets) text += chunk.toString();
  } catch {
    text += '!';
  }
  response.setHeader('connection', 'close');
  response.end(`${text} ${isSilent()}`);
}

const server = createServer((request, response) => void answer(request, response));

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

async function send(text: string, end: boolean): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': 4 } });
  if (end) request.end(text);
  else request.write(text);
  const [response] = (await once(request, 'response')) as [AsyncIterable<Buffer>];
  let told = '';
  for await (const chunk of response) told += chunk.toString();
  request.destroy();
  return told;
}

test('an upload is read to its end', async () => {
  expect(await send('code', true)).toBe('code false');
});

test('an upload of which nothing more comes is given up, and can still be answered', async () => {
  expect(await send('co', false)).toBe('co! true');
});
