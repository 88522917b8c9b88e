import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@bijli/testing';
import { type ClientOptions, connectClient, startSimulator, type TestSimulator } from './client.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function started(
  behaviour: Record<string, unknown> = {},
  env: Record<string, string> = {},
): Promise<TestSimulator> {
  const simulator = await startSimulator(behaviour, env);
  closing.push(simulator.stop);
  return simulator;
}
async function client({ smppPort }: TestSimulator, options: ClientOptions = {}) {
  const connected = await connectClient(smppPort, options);
  closing.push(connected.close);
  return connected;
}
type Messages = {
  readonly messages: {
    to: string;
    text: string;
    state: string;
    error: string | null;
    parts: number;
    isComplete: boolean;
    messageIds: string[];
    templateId: string;
  }[];
};
const getJson = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;
const messagesOf = async (simulator: TestSimulator, search = ''): Promise<Messages['messages']> =>
  (await getJson<Messages>(`${simulator.url}/v1/messages${search}`)).messages;
const hello = { destination_addr: '919876543210', short_message: 'Power restored 14:05' };

describe('SMSC › binds', () => {
  test.each(['bind_transceiver', 'bind_transmitter', 'bind_receiver'] as const)('a %s', async (command) => {
    const simulator = await started();
    const { bound } = await client(simulator, { command });
    expect([bound.command, bound.command_status, bound['sc_interface_version']]).toEqual([`${command}_resp`, 0, 0x34]);
  });

  test.each([
    ['a wrong password', { password: 'wrong' }, 0x0e],
    ['an unknown system id', { systemId: 'other' }, 0x0f],
  ])('nobody with %s', async (_name, options, status) => {
    const { bound, submit } = await client(await started(), options);
    expect(bound.command_status).toBe(status);
    expect((await submit(hello)).command_status).toBe(0x04);
  });

  test('nobody twice, and lets receivers send nothing', async () => {
    const { session, submit } = await client(await started(), { command: 'bind_receiver' });
    const { promise, resolve } = Promise.withResolvers<number>();
    session.bind_receiver({ system_id: 'bijli', password: 'secret' }, (pdu) => resolve(pdu.command_status));
    expect(await promise).toBe(0x05);
    expect((await submit(hello)).command_status).toBe(0x04);
  });
});

describe('SMSC › takes messages', () => {
  test('delivers them and sends a receipt on the connection of the same account', async () => {
    const simulator = await started();
    const transmitter = await client(simulator, { command: 'bind_transmitter' });
    const receiver = await client(simulator, { command: 'bind_receiver' });

    const answer = await transmitter.submit(hello);
    await until(() => receiver.receipts().length === 1, { describe: 'the receipt' });

    expect(answer.command_status).toBe(0);
    const [receipt] = receiver.receipts();
    expect(receipt).toMatchObject({ id: answer['message_id'], state: 2, from: '919876543210' });
    expect(receipt?.text).toMatch(
      new RegExp(
        `^id:${String(answer['message_id'])} sub:001 dlvrd:001 submit date:\\d{10} done date:\\d{10} stat:DELIVRD err:000 text:Power restored 14:05$`,
      ),
    );
    expect(transmitter.receipts()).toEqual([]);
    expect(await messagesOf(simulator)).toMatchObject([
      { to: '919876543210', text: 'Power restored 14:05', state: 'delivered', messageIds: [answer['message_id']] },
    ]);
  });

  test('puts Hindi parts together', async () => {
    const simulator = await started();
    const { submit } = await client(simulator);
    const text = 'खाता 7890: '.padEnd(100, 'क');
    for (const number of [2, 1]) {
      const udh = Buffer.from([5, 0, 3, 9, 2, number]);
      await submit({
        ...hello,
        data_coding: 8,
        short_message: { udh, message: number === 1 ? text.slice(0, 67) : text.slice(67) },
      });
    }
    expect(await messagesOf(simulator)).toMatchObject([{ text, parts: 2, isComplete: true }]);
  });

  test.each([
    ['9999900001', 0, 'delivered', null, /stat:DELIVRD err:000/],
    ['9999900002', 0, 'failed', '630', /stat:REJECTD err:630/],
    ['9999900003', 0, 'failed', '027', /stat:UNDELIV err:027/],
    ['9999900005', 0, 'failed', '001', /stat:UNDELIV err:001/],
  ])('with the fixed fate of %s', async (number, status, state, error, receiptText) => {
    const simulator = await started();
    const { submit, receipts } = await client(simulator);
    expect((await submit({ ...hello, destination_addr: `91${number}` })).command_status).toBe(status);
    await until(() => receipts().length === 1, { describe: 'the receipt' });
    expect(receipts()[0]?.text).toMatch(receiptText);
    expect(await messagesOf(simulator, `?to=${number}`)).toMatchObject([{ state, error }]);
  });

  test('and never answers 9999900004', async () => {
    const simulator = await started();
    const { session, submit, heard } = await client(simulator);
    session.submit_sm({ ...hello, destination_addr: '919999900004' }, () => undefined);
    await submit(hello);
    expect(heard.filter(({ command }) => command === 'submit_sm_resp')).toHaveLength(1);
    expect(await messagesOf(simulator, '?to=9999900004')).toMatchObject([{ state: 'unanswered' }]);
  });

  test('refuses a PDU with a broken field, an unknown command and an impossible length', async () => {
    const simulator = await started();
    const { session, heard, isClosed } = await client(simulator);
    session.socket.write(Buffer.from('0000001200000004000000000000000a6161', 'hex'));
    session.socket.write(Buffer.from('0000001000000103000000000000000b', 'hex'));
    session.socket.write(Buffer.from('7fffffff00000004000000000000000c', 'hex'));
    await until(isClosed, { describe: 'the end of the connection' });
    expect(
      heard.slice(1).map(({ command, command_status, sequence_number }) => [command, command_status, sequence_number]),
    ).toEqual([
      ['submit_sm_resp', 0x02, 10],
      ['generic_nack', 0x03, 11],
      ['generic_nack', 0x02, 12],
    ]);
    expect((await getJson<{ counters: { badPdus: number } }>(`${simulator.url}/v1/stats`)).counters.badPdus).toBe(3);
  });
});

describe('SMSC › keeps receipts', () => {
  test('until a client is there to answer them', async () => {
    const simulator = await started({ receiptDelayMs: { least: 0, most: 0 } });
    const first = await client(simulator, { receiptStatus: () => undefined });
    const { message_id: id } = await first.submit(hello);
    await until(() => first.receipts().length === 1, { describe: 'the first try' });
    await first.close();

    const second = await client(simulator);
    await until(() => second.receipts().length === 1, { describe: 'the second try' });
    expect(second.receipts()[0]?.id).toBe(id);
    await until(
      async () => (await getJson<{ receiptsWaiting: number }>(`${simulator.url}/v1/stats`)).receiptsWaiting === 0,
      { describe: 'nothing to wait' },
    );
  });

  test('and sends them again when they are put off', async () => {
    const simulator = await started();
    let tries = 0;
    const { submit, receipts } = await client(simulator, { receiptStatus: () => (tries++ === 0 ? 0x64 : 0) });
    await submit(hello);
    await until(() => receipts().length === 2, { describe: 'the second try' });
    expect(new Set(receipts().map(({ id }) => id)).size).toBe(1);
  });
});

describe('SMSC › misbehaves as it is told', () => {
  const put = (simulator: TestSimulator, knobs: Record<string, unknown>) =>
    fetch(`${simulator.url}/v1/behaviour`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ receiptDelayMs: { least: 5, most: 10 }, ...knobs }),
    });

  test('through the API, where what is left out is good behaviour', async () => {
    const simulator = await started({ noAnswerRate: 1 });
    expect((await put(simulator, { scrubErrorRate: 1, scrubRefusesSubmit: true })).status).toBe(200);
    expect(await getJson(`${simulator.url}/v1/behaviour`)).toMatchObject({ noAnswerRate: 0, scrubErrorRate: 1 });
    const { submit } = await client(simulator);
    expect((await submit(hello)).command_status).toBe(0x45);
    expect((await put(simulator, { scrubErrorRate: 2 })).status).toBe(400);
    expect((await put(simulator, { scrubRate: 1 })).status).toBe(400);
  });

  test.each([
    ['receipts before the answer', { earlyReceiptRate: 1 }, ['deliver_sm', 'submit_sm_resp']],
    ['receipts twice', { repeatedReceiptRate: 1 }, ['submit_sm_resp', 'deliver_sm', 'deliver_sm']],
    ['a weaker receipt later', { weakerReceiptRate: 1 }, ['submit_sm_resp', 'deliver_sm', 'deliver_sm']],
  ])('%s', async (_name, knobs, expected) => {
    const simulator = await started(knobs);
    const { submit, heard } = await client(simulator);
    await submit(hello);
    await until(() => heard.length === 1 + expected.length, { describe: 'all PDUs' });
    expect(heard.slice(1).map(({ command }) => command)).toEqual(expected);
  });

  test('no receipts, and of parts only the last one’s', async () => {
    const simulator = await started({ missingReceiptRate: 1 });
    const { submit, receipts } = await client(simulator);
    await submit(hello);
    await put(simulator, { lastPartReceiptOnly: true });
    for (const number of [1, 2, 3])
      await submit({
        ...hello,
        short_message: { udh: Buffer.from([5, 0, 3, 9, 3, number]), message: `part ${number}` },
      });
    await until(() => receipts().length === 1, { describe: 'the last part’s receipt' });
    expect(receipts()[0]?.text).toContain('text:part 3');
  });

  test('receipts on another connection', async () => {
    const simulator = await started({ otherBindReceiptRate: 1 });
    const sender = await client(simulator);
    const other = await client(simulator);
    for (let n = 0; n < 5; n += 1) await sender.submit(hello);
    await until(() => other.receipts().length === 5, { describe: 'five receipts' });
    expect(sender.receipts()).toEqual([]);
  });

  test('ids in decimal here and in hex there', async () => {
    const simulator = await started({
      messageIdInAnswer: 'padded',
      messageIdInReceipt: 'upper-hex',
      receiptParameters: false,
    });
    const { submit, receipts } = await client(simulator);
    const id = String((await submit(hello))['message_id']);
    await until(() => receipts().length === 1, { describe: 'the receipt' });
    expect(id).toMatch(/^0000\d{16}$/);
    expect(receipts()[0]?.id).toBeUndefined();
    expect(receipts()[0]?.text).toContain(`id:${BigInt(id).toString(16).toUpperCase()} `);
  });

  test('throttles above a rate and beyond its window', async () => {
    const simulator = await started({ throttleAbovePerSecond: 10 });
    const { submit } = await client(simulator);
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await submit(hello)).command_status));
    expect(statuses.filter((status) => status === 0x58).length).toBeGreaterThan(10);
    expect(statuses[0]).toBe(0);

    const narrow = await started({ answerDelayMs: 50 }, { SMPP_WINDOW: '2' });
    const other = await client(narrow);
    const answers = await Promise.all([1, 2, 3].map(async () => (await other.submit(hello)).command_status));
    expect(answers).toEqual([0, 0, 0x58]);
  });

  test('refuses everything with one status', async () => {
    const { submit } = await client(await started({ refuseStatus: 0x0a }));
    expect((await submit(hello)).command_status).toBe(0x0a);
  });

  test('answers late', async () => {
    const simulator = await started({ answerDelayMs: 60 });
    const { submit } = await client(simulator);
    const began = performance.now();
    expect((await submit(hello)).command_status).toBe(0);
    expect(performance.now() - began).toBeGreaterThanOrEqual(55);
  });

  test('cuts the connection at every third message', async () => {
    const simulator = await started({ disconnectEverySubmits: 3 });
    const { session, submit, isClosed } = await client(simulator);
    await submit(hello);
    await submit(hello);
    session.submit_sm(hello, () => undefined);
    await until(isClosed, { describe: 'the cut' });
    const { counters } = await getJson<{ counters: Record<string, number> }>(`${simulator.url}/v1/stats`);
    expect(counters).toMatchObject({ submits: 3, accepted: 2, disconnected: 1 });
  });
});

describe('SMSC › log', () => {
  test('has every PDU of both sides before the other side can know of it', async () => {
    const simulator = await started();
    const { session, submit, receipts } = await client(simulator);
    const answer = await submit(hello);
    const written = await simulator.pdus();
    expect(written.map(({ direction, command }) => `${direction} ${command}`)).toEqual([
      'in bind_transceiver',
      'out bind_transceiver_resp',
      'in submit_sm',
      'out submit_sm_resp',
    ]);
    expect(written[2]?.pdu).toContain(Buffer.from('Power restored 14:05').toString('hex'));
    expect(written[3]?.pdu).toContain(Buffer.from(String(answer['message_id'])).toString('hex'));

    await until(() => receipts().length === 1, { describe: 'the receipt' });
    const { promise, resolve } = Promise.withResolvers<void>();
    session.unbind({}, () => resolve());
    await promise;
    const all = await simulator.pdus();
    expect(all.slice(4).map(({ direction, command }) => `${direction} ${command}`)).toEqual([
      'out deliver_sm',
      'in deliver_sm_resp',
      'in unbind',
      'out unbind_resp',
    ]);
    expect(all.every(({ us }, index) => index === 0 || us >= (all[index - 1]?.us ?? 0))).toBe(true);
  });

  test('is given away page by page, whole lines', async () => {
    const simulator = await started();
    const { submit } = await client(simulator);
    for (let n = 0; n < 300; n += 1) await submit(hello);
    const expected = (await simulator.pdus()).length;

    let text = '';
    for (let after = '0'; ; ) {
      const page = await fetch(`${simulator.url}/v1/pdus?octets=65536&after=${after}`);
      const lines = await page.text();
      if (lines === '') break;
      text += lines;
      after = page.headers.get('next-after') ?? '';
    }
    expect(text.split('\n').filter(Boolean).length).toBeGreaterThanOrEqual(expected);
    expect((await fetch(`${simulator.url}/v1/pdus?octets=1`)).status).toBe(400);
  });

  test('while the service’s own log names no number', async () => {
    const simulator = await started();
    const { submit } = await client(simulator);
    await submit(hello);
    await fetch(`${simulator.url}/v1/messages?to=9876543210`);
    expect(simulator.logged.join('')).not.toMatch(/98765|secret/);
  });
});

describe('handsets over HTTP', () => {
  test('are listed, newest first, by number and time', async () => {
    const simulator = await started();
    const { submit } = await client(simulator);
    await submit({ ...hello, short_message: 'first' });
    await submit({ ...hello, short_message: 'second' });
    await submit({ ...hello, destination_addr: '917000000000', short_message: 'elsewhere' });

    const texts = async (search: string): Promise<string[]> =>
      (await messagesOf(simulator, search)).map(({ text }) => text);
    expect(await texts('')).toEqual(['elsewhere', 'second', 'first']);
    expect(await texts('?limit=1')).toEqual(['elsewhere']);
    for (const to of ['9876543210', '919876543210', '%2B919876543210'])
      expect(await texts(`?to=${to}`)).toEqual(['second', 'first']);
    expect(await texts('?since=2100-01-01T00:00:00Z')).toEqual([]);
    for (const search of ['?to=98', '?limit=0', '?limit=1001', '?since=yesterday', '?page=2'])
      expect((await fetch(`${simulator.url}/v1/messages${search}`)).status).toBe(400);
  });

  test('are a page with one script of its own, under a strict policy, with its own font', async () => {
    const simulator = await started();
    const { submit } = await client(simulator);
    await submit({ ...hello, data_coding: 8, short_message: 'बिजली <b>आएगी</b>' });

    const page = await fetch(`${simulator.url}/`);
    const text = await page.text();
    expect(text).toContain('<p lang="hi">बिजली &lt;b&gt;आएगी&lt;/b&gt;</p>');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self';/,
    );
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const [file, type] of [
      ['handsets.js', 'text/javascript; charset=utf-8'],
      ['favicon.svg', 'image/svg+xml; charset=utf-8'],
    ] as const)
      expect((await fetch(`${simulator.url}/${file}`)).headers.get('content-type')).toBe(type);
    expect((await fetch(`${simulator.url}/handsets.css`)).headers.get('content-type')).toContain('text/css');
    const font = Buffer.from(await (await fetch(`${simulator.url}/devanagari.woff2`)).arrayBuffer());
    expect(font.subarray(0, 4).toString()).toBe('wOF2');
    expect(await (await fetch(`${simulator.url}/?to=${encodeURIComponent('"><script>1')}`)).text()).not.toContain(
      '<script>',
    );
  });

  test('and the parts report health and metrics', async () => {
    const simulator = await started();
    await client(simulator);
    expect((await fetch(`${simulator.url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${simulator.url}/metrics`)).text()).toContain(
      'bijli_smsc_connections{part="smsc",service="sms-simulator"} 1',
    );
    const document = await getJson<{ paths: Record<string, unknown> }>(`${simulator.url}/openapi.json`);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/messages', '/v1/stats', '/v1/pdus', '/v1/behaviour']),
    );
  });
});

describe('SMSC › stops', () => {
  test('with a client on the line', async () => {
    const simulator = await startSimulator();
    const connected = await connectClient(simulator.smppPort);
    await connected.submit(hello);
    await simulator.stop();
    await until(connected.isClosed, { describe: 'the end of the connection' });
  });

  test('also when something else holds its port', async () => {
    const simulator = await started();
    await expect(startSimulator({}, { SMPP_PORT: String(simulator.smppPort) })).rejects.toThrow('EADDRINUSE');
    const idle: Socket = connect(simulator.smppPort, '127.0.0.1');
    closing.push(() => Promise.resolve(idle.destroy()));
  });
});
