import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { readJsonBody } from './read-body.ts';

function request(headers: Record<string, string>): IncomingMessage & PassThrough {
  return Object.assign(new PassThrough(), {
    headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked', ...headers },
  }) as unknown as IncomingMessage & PassThrough;
}

describe('readJsonBody', () => {
  test('a body that does not come to its end in time is 408 and closes the connection', async () => {
    const slow = request({});
    slow.write('{"a":');

    expect(await readJsonBody(slow, { timeoutMs: 30 })).toMatchObject({
      ok: false,
      refusal: { status: 408, headers: { connection: 'close' } },
    });
  });

  test('a body that never ends is 413 long before the memory is', async () => {
    const endless = request({});
    const megabyte = Buffer.alloc(1_000_000, 0x20);
    const read = readJsonBody(endless);
    for (let written = 0; written < 3; written += 1) endless.write(megabyte);

    expect(await read).toMatchObject({ ok: false, refusal: { status: 413 } });
  });

  test('a caller that goes away is an error, not an empty body', async () => {
    const gone = request({});
    const read = readJsonBody(gone);
    gone.destroy();

    await expect(read).rejects.toThrow('the caller went away');
  });

  test('reads JSON that comes in pieces, with a byte order mark and a charset', async () => {
    const pieces = request({ 'content-type': 'application/json; charset="UTF-8"' });
    const text = Buffer.from('\ufeff{"name":"बिजली"}');
    const read = readJsonBody(pieces);
    pieces.write(text.subarray(0, 14));
    pieces.end(text.subarray(14));

    expect(await read).toEqual({ ok: true, value: { name: 'बिजली' } });
  });
});
