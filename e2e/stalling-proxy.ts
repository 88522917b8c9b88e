import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** What stands between a sender and a service, and lets an upload come only so far. */
export type StallingProxy = {
  readonly url: string;
  /** Resolves when an upload has come so far that nothing more of it passes. */
  readonly stalled: Promise<void>;
  close(): Promise<void>;
};

/** Opens a proxy that passes everything on but the octets of a connection beyond so many; when one side goes, so does the other. */
export async function openStallingProxy(
  target: { host: string; port: number },
  octets: number,
): Promise<StallingProxy> {
  const { promise: stalled, resolve: tellStalled } = Promise.withResolvers<void>();
  const server = createServer((client) => {
    const service = connect(target);
    let passed = 0;
    client.on('data', (chunk) => {
      service.write(chunk);
      passed += chunk.length;
      if (passed < octets) return;
      client.pause();
      tellStalled();
    });
    service.pipe(client);
    client.on('close', () => service.destroy());
    service.on('close', () => client.destroy());
    for (const socket of [client, service]) socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stalled,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
