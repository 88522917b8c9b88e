import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

const HOST = '127.0.0.1';

/** Stands before PostgreSQL and can be shut, so that it is away for one service and for nobody else. */
export async function openDatabaseGate(databaseUrl: string) {
  const upstream = Number(new URL(databaseUrl).port);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const behind = connect(upstream, HOST);
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        behind.destroy();
      });
    }
    client.pipe(behind).pipe(client);
  });
  const port = await listen(server, 0);
  const through = new URL(databaseUrl);
  through.host = `${HOST}:${port}`;
  return {
    url: through.href,
    shut: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    open: () => listen(server, port),
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, HOST);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
