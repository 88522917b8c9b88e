import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server, and passes on the beginning of what the client says, no more. */
export type StallingProxy = {
  readonly url: string;
  /** The beginning has gone through, and the rest waits. */
  isStalling(): boolean;
  stop(): Promise<void>;
};

/** Starts a proxy that stalls each connection after so many octets; short requests pass whole. */
export async function startStallingProxy(port: number, passedOctets: number): Promise<StallingProxy> {
  const sockets = new Set<Socket>();
  let isStalling = false;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    let passed = 0;
    client.on('data', (octets: Buffer) => {
      upstream.write(octets);
      passed += octets.length;
      if (passed < passedOctets) return;
      client.pause();
      isStalling = true;
    });
    upstream.pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isStalling: () => isStalling,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
