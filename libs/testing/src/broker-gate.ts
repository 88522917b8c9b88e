import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { changeFetched, type FetchedPartition, isFetch, type RequestHead, requestHead } from './fetch-answer.ts';

/**
 * Stands before a broker and can be shut, so that Kafka is away for one test and for nobody else. What the broker answers to a fetch may be
 * changed on its way: `change` writes over octets of a partition's part, `cut` says how many octets of the whole answer are left out at its end.
 */
export type BrokerGate = {
  readonly brokers: string[];
  // eslint-disable-next-line dialect/readonly-shapes -- tests of other packages assign it
  change: (partition: FetchedPartition) => void;
  // eslint-disable-next-line dialect/readonly-shapes -- tests of other packages assign it
  cut: () => number;
  shut(): Promise<void>;
  open(): Promise<void>;
};

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
    const asked = new Map<number, RequestHead>();
    client.on('data', (chunk: Buffer) => upstream.write(chunk));
    client.on(
      'data',
      inFrames((frame) => void asked.set(requestHead(frame).correlationId, requestHead(frame))),
    );
    upstream.on(
      'data',
      inFrames((frame) => client.write(passed(frame, asked))),
    );
  });
  const passed = (frame: Buffer, asked: Map<number, RequestHead>): Buffer => {
    const correlationId = frame.readInt32BE(4);
    const head = asked.get(correlationId);
    asked.delete(correlationId);
    if (head === undefined || !isFetch(head))
      return renamed(frame, addressBytes(host, brokerPort), addressBytes(host, gatePort));
    changeFetched(frame, head, gate.change);
    return shortened(frame, gate.cut());
  };
  let gatePort = await listen(server, host, 0);
  const gate: BrokerGate = {
    brokers: [`${host}:${gatePort}`],
    change: () => undefined,
    cut: () => 0,
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
  return gate;
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Kafka's protocol puts the length of each request and answer before it, as int32. */
function inFrames(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const length = 4 + rest.readInt32BE(0);
      onFrame(Buffer.from(rest.subarray(0, length)));
      rest = rest.subarray(length);
    }
  };
}

function renamed(frame: Buffer, from: Buffer, to: Buffer): Buffer {
  for (let at = frame.indexOf(from); at >= 0; at = frame.indexOf(from, at + to.length)) to.copy(frame, at);
  return frame;
}

function shortened(frame: Buffer, octets: number): Buffer {
  frame.writeInt32BE(frame.length - 4 - octets, 0);
  return frame.subarray(0, frame.length - octets);
}
