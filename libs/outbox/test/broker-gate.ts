import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** Stands before a broker and can be shut, so that Kafka is away for one test and for nobody else. */
export type BrokerGate = { brokers: string[]; shut(): Promise<void>; open(): Promise<void> };

/** How the protocol writes an address in a Metadata or FindCoordinator response: the host's octets, then the port as int32. */
function addressBytes(host: string, port: number): Buffer {
  const bytes = Buffer.alloc(host.length + 4);
  bytes.write(host, 'latin1');
  bytes.writeInt32BE(port, host.length);
  return bytes;
}

/**
 * Opens a gate to a broker on this machine, or in a container on it, at another port of the address by which the broker is known: so clients
 * learn of the gate wherever the broker names itself.
 */
export async function openBrokerGate(broker: string): Promise<BrokerGate> {
  const [host = '', port] = broker.split(':');
  const brokerPort = Number(port);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(brokerPort, host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) =>
      client.write(renamed(chunk, addressBytes(host, brokerPort), addressBytes(host, gatePort))),
    );
  });
  let gatePort = await listen(server, host, 0);
  return {
    brokers: [`${host}:${gatePort}`],
    shut: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    open: async () => {
      gatePort = await listen(server, host, gatePort);
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function renamed(chunk: Buffer, from: Buffer, to: Buffer): Buffer {
  for (let at = chunk.indexOf(from); at >= 0; at = chunk.indexOf(from, at + to.length)) to.copy(chunk, at);
  return chunk;
}
