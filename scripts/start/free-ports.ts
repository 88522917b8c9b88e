import { createServer } from 'node:net';

const lowest = 21_000;
const highest = 31_999; // above begin the ports that connections going out take at random

/** Finds ports of 127.0.0.1 that nobody listens on, for servers of one test run. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

/** Says whether a server could listen on a port of a host just now. */
export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
