import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** Stands before a broker and can be shut, so that Kafka is away for one test and for nobody else. */
export type BrokerGate = { brokers: string[]; shut(): Promise<void>; open(): Promise<void> };

const HOST = '127.0.0.1';

/** How the protocol writes an address in a Metadata or FindCoordinator response: the host's octets, then the port as int32. */
function addressBytes(port: number): Buffer {
  const bytes = Buffer.alloc(HOST.length + 4);
  bytes.write(HOST, 'latin1');
  bytes.writeInt32BE(port, HOST.length);
  return bytes;
}

/** Opens a gate to a broker on this machine. Clients learn of the gate wherever the broker names itself. */
export async function openBrokerGate(broker: string): Promise<BrokerGate> {
  const brokerPort = Number(broker.split(':')[1]);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(brokerPort, HOST);
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
      client.write(renamed(chunk, addressBytes(brokerPort), addressBytes(gatePort))),
    );
  });
  let gatePort = await listen(server, 0);
  return {
    brokers: [`${HOST}:${gatePort}`],
    shut: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    open: async () => {
      gatePort = await listen(server, gatePort);
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, HOST);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function renamed(chunk: Buffer, from: Buffer, to: Buffer): Buffer {
  for (let at = chunk.indexOf(from); at >= 0; at = chunk.indexOf(from, at + to.length)) to.copy(chunk, at);
  return chunk;
}
