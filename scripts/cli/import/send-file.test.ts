import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type InspectedFile, inspectFile } from './inspect-file.ts';
import { sendFile } from './send-file.ts';

let folder: string;
let file: InspectedFile;
let server: Server | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bijli-send-'));
  const path = join(folder, 'rows.csv');
  // More than the sockets hold, so that a server that does not read stops the sending.
  writeFileSync(path, 'a row of a file that is somewhat longer\n'.repeat(400_000));
  file = await inspectFile('connections', path);
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/connection-imports`;
}

function send(url: string, signal = new AbortController().signal) {
  const sent = { lines: 0 };
  const onLines = (lines: number): void => {
    sent.lines += lines;
  };
  return { sent, answer: sendFile(file, { url, onLines, signal }) };
}

describe('a file that is sent', () => {
  test('arrives as it is, and the answer comes back', async () => {
    const url = await serve((request, response) => {
      void text(request).then((body) => {
        response.end(JSON.stringify([body.length, request.headers['content-length'], request.headers['content-type']]));
      });
    });

    const { sent, answer } = send(url);

    expect(await answer).toEqual({ status: 200, body: JSON.stringify([file.bytes, String(file.bytes), 'text/csv']) });
    expect(sent.lines).toBe(file.lines);
  });

  test('is sent no further when the answer comes before its end', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(400).end('no');
    });

    const { sent, answer } = send(url);

    expect(await answer).toEqual({ status: 400, body: 'no' });
    expect(sent.lines).toBeLessThan(file.lines);
  });

  test('is not taken when the connection breaks', async () => {
    const url = await serve((request) => {
      request.once('data', () => request.socket.destroy());
    });

    await expect(send(url).answer).rejects.toThrow(/broke while rows.csv was sent, and nothing of it was taken/);
  });

  test('may be taken when the connection breaks after its end', async () => {
    const url = await serve((request) => {
      void text(request).then(() => request.socket.destroy());
    });

    await expect(send(url).answer).rejects.toThrow(
      /rows.csv was taken whole or not at all: run the same command again/,
    );
  });

  test('is not taken when the user stops', async () => {
    const stop = new AbortController();
    const url = await serve((request) => {
      request.once('data', () => stop.abort());
    });

    await expect(send(url, stop.signal).answer).rejects.toThrow('Stopped: nothing of rows.csv was taken.');
  });

  test('finds nobody where nothing runs', async () => {
    const url = await serve(() => undefined);
    server?.close();

    await expect(send(url).answer).rejects.toThrow(/^consumer-registry does not answer at .*: start the system/);
  });
});
