import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What the network does to what passes: `clear`, nothing; `cut`, connections are reset and new ones refused; `slow`, each piece comes `ms`
 * later; `frozen`, nothing passes and nothing is lost; `one-way`, only what goes in one direction passes; `half-open`, the far end is gone and
 * nobody says so: what is sent to it is lost.
 */
export type Weather =
  | { readonly is: 'clear' | 'cut' | 'frozen' | 'half-open' }
  | { readonly is: 'slow'; readonly ms: number }
  | { readonly is: 'one-way'; readonly passes: Direction };

/** As seen by who connects. */
export type Direction = 'to-server' | 'to-client';

/** Stands between clients and one server on this machine. */
export type Proxy = {
  readonly port: number;
  /** Changes the weather, for connections that are there too. */
  be(weather: Weather): Promise<void>;
  /** Connections that are open on the client's side. */
  connections(): number;
  stop(): Promise<void>;
};

/** Where it listens, 0 for a free port, and whom it stands before. */
export type ProxyOptions = { readonly port: number; readonly serverPort: number };

/** One connection: both ends, and the two ways between them. */
type Pair = { readonly client: Socket; readonly server: Socket | null; readonly legs: readonly Leg[] };

/** What came from one end and has not been written to the other. */
type Leg = {
  /** Writes what may pass now. */
  pump(): void;
};

const host = '127.0.0.1';

/** Starts a proxy in clear weather. */
export async function startProxy({ port, serverPort }: ProxyOptions): Promise<Proxy> {
  const pairs = new Set<Pair>();
  let weather: Weather = { is: 'clear' };
  const server = createServer((client) => {
    const pair = weather.is === 'half-open' ? lonely(client) : joined(client, connect(serverPort, host), () => weather);
    pairs.add(pair);
    client.on('close', () => pairs.delete(pair));
  });
  const address = await listen(server, port);
  return {
    port: address,
    connections: () => pairs.size,
    be: async (next) => {
      const before = weather;
      weather = next;
      if (next.is === 'half-open') for (const pair of pairs) forsake(pair);
      if (next.is === 'cut' && before.is !== 'cut') await shut(server, pairs);
      if (next.is !== 'cut' && before.is === 'cut') await listen(server, address);
      for (const pair of pairs) for (const leg of pair.legs) leg.pump();
    },
    stop: () => (weather.is === 'cut' ? Promise.resolve() : shut(server, pairs)),
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Resets what is open, so that both ends hear of it, and refuses what comes. */
async function shut(server: Server, pairs: ReadonlySet<Pair>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const pair of pairs) for (const socket of [pair.client, pair.server]) socket?.resetAndDestroy();
  await closed;
}

/** A client whose server is gone: whatever it says is lost. */
function lonely(client: Socket): Pair {
  client.on('error', () => undefined);
  client.resume();
  return { client, server: null, legs: [] };
}

function joined(client: Socket, server: Socket, weather: () => Weather): Pair {
  for (const socket of [client, server]) {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
  }
  const legs = [leg(client, server, 'to-server', weather), leg(server, client, 'to-client', weather)];
  return { client, server, legs };
}

/** Takes the server away from a client that hears nothing of it. */
function forsake({ client, server }: Pair): void {
  server?.removeAllListeners('close');
  server?.destroy();
  client.removeAllListeners('data');
  client.resume();
}

function leg(from: Socket, to: Socket, direction: Direction, weather: () => Weather): Leg {
  const waiting: { readonly octets: Buffer; readonly from: number }[] = [];
  let hasEnded = false;
  let timer: NodeJS.Timeout | undefined;

  function pump(): void {
    clearTimeout(timer);
    const now = performance.now();
    const delay = delayOf(weather(), direction);
    for (let [next] = waiting; next !== undefined && now >= next.from + delay; [next] = waiting) {
      waiting.shift();
      if (!to.destroyed) to.write(next.octets);
    }
    const [next] = waiting;
    if (next !== undefined && Number.isFinite(delay)) timer = setTimeout(pump, next.from + delay - now);
    if (next === undefined && hasEnded && Number.isFinite(delay)) to.destroySoon();
  }
  from.on('data', (octets: Buffer) => {
    waiting.push({ octets, from: performance.now() });
    pump();
  });
  from.on('close', () => {
    hasEnded = true;
    pump();
  });
  return { pump };
}

/** Milliseconds that a piece waits; for ever where its way is closed. */
function delayOf(weather: Weather, direction: Direction): number {
  if (weather.is === 'slow') return weather.ms;
  const isClosed = weather.is === 'frozen' || weather.is === 'half-open';
  if (isClosed || (weather.is === 'one-way' && weather.passes !== direction)) return Number.POSITIVE_INFINITY;
  return 0;
}
