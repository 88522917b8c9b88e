import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { until } from '@bijli/testing/until';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Proxy, startProxy } from './proxy.ts';

let server: Server;
let proxy: Proxy;
/** What the server heard; it says each piece back. */
let heard: string;
const clients: Socket[] = [];
const atServer = new Set<Socket>();

beforeEach(async () => {
  heard = '';
  server = createServer((socket) => {
    atServer.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => atServer.delete(socket));
    socket.on('data', (octets: Buffer) => {
      heard += octets.toString();
      socket.write(octets);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startProxy({ port: 0, serverPort: (server.address() as AddressInfo).port });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.stop();
  for (const socket of atServer) socket.destroy();
  server.close();
});

type Client = { readonly socket: Socket; readonly ends: string[]; said(): string };

function client(): Client {
  const socket = connect(proxy.port, '127.0.0.1');
  const ends: string[] = [];
  let said = '';
  socket.on('data', (octets: Buffer) => (said += octets.toString()));
  socket.on('error', (error: NodeJS.ErrnoException) => ends.push(error.code ?? ''));
  socket.on('close', () => ends.push('close'));
  clients.push(socket);
  return { socket, ends, said: () => said };
}

async function greeted(): Promise<Client> {
  const one = client();
  one.socket.write('hello ');
  await until(() => one.said() === 'hello ', { describe: 'the greeting to come back' });
  return one;
}

describe('a proxy', () => {
  test('passes both ways in clear weather, and the end too', async () => {
    const one = await greeted();

    one.socket.end();

    await until(() => atServer.size === 0 && proxy.connections() === 0, { describe: 'both ends to be closed' });
  });

  test('resets what is open and refuses what comes while it is cut, and takes it again after', async () => {
    const one = await greeted();

    await proxy.be({ is: 'cut' });
    await until(() => one.ends.includes('ECONNRESET'), { describe: 'the reset' });
    await until(() => atServer.size === 0, { describe: 'the server to hear of it' });
    const refused = client();
    await until(() => refused.ends.includes('ECONNREFUSED'), { describe: 'the refusal' });

    await proxy.be({ is: 'clear' });
    await greeted();
  });

  test('keeps everything while it is frozen and loses nothing', async () => {
    const one = await greeted();

    await proxy.be({ is: 'frozen' });
    one.socket.write('are you there?');
    const late = client();
    late.socket.write('me too');
    await once(late.socket, 'connect');
    expect([one.said(), heard]).toEqual(['hello ', 'hello ']);

    await proxy.be({ is: 'clear' });
    await until(() => one.said() === 'hello are you there?' && late.said() === 'me too', { describe: 'the thaw' });
  });

  test('lets one direction through', async () => {
    const one = await greeted();

    await proxy.be({ is: 'one-way', passes: 'to-server' });
    one.socket.write('anybody?');
    await until(() => heard.endsWith('anybody?'), { describe: 'the server to hear it' });
    expect(one.said()).toBe('hello ');

    await proxy.be({ is: 'clear' });
    await until(() => one.said() === 'hello anybody?', { describe: 'the answer' });
  });

  test('loses what is said to a far end that is gone, and says nothing of it', async () => {
    const one = await greeted();

    await proxy.be({ is: 'half-open' });
    await until(() => atServer.size === 0, { describe: 'the server to be gone' });
    one.socket.write('into the void');
    const late = client();
    await once(late.socket, 'connect');
    await proxy.be({ is: 'clear' });
    one.socket.write('still?');

    await greeted();
    expect([one.said(), one.ends, late.ends, heard]).toEqual(['hello ', [], [], 'hello hello ']);
  });

  test('is slow both ways, in order', async () => {
    const one = await greeted();
    const began = performance.now();

    await proxy.be({ is: 'slow', ms: 60 });
    one.socket.write('a');
    one.socket.write('b');

    await until(() => one.said() === 'hello ab', { describe: 'the answer' });
    expect(performance.now() - began).toBeGreaterThanOrEqual(115);
  });
});
