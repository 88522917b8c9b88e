import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { ApiDescription } from './api-description.ts';
import type { Endpoint } from './endpoint.ts';
import { httpApp } from './http-app.ts';
import { requestCounts } from './metrics.ts';
import type { Component } from '@bijli/loop';
import { assertStrict } from './strict-schema.ts';

/** Time for the header of a request. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Time for a whole request, long enough for a large upload over a slow line; JSON bodies have their own, shorter one. */
const REQUEST_TIMEOUT_MS = 600_000;
/** A connection on which nothing moves for so long is closed. */
const IDLE_TIMEOUT_MS = 60_000;
/** Time for requests in flight when the service stops. */
const DRAIN_TIMEOUT_MS = 10_000;
const DRAIN_SWEEP_MS = 20;
const TIMEOUT_CHECK_MS = 5_000;

export type HttpDefinition = {
  readonly name: string;
  readonly version: string;
  /** What the OpenAPI document says of the service. */
  readonly api: ApiDescription;
  readonly host: string;
  /** 0 takes a free port; `port()` tells which. */
  readonly port: number;
  readonly log: Logger;
  readonly endpoints: readonly Endpoint[];
  /** The other components of the service, for health and metrics. */
  readonly components: readonly Component[];
  /** Says whether an error will heal by itself (a database that is away): answered 503 with Retry-After, not 500. */
  readonly isTransient?: (error: unknown) => boolean;
};

/**
 * Makes the HTTP server of a service: its endpoints, and /livez, /readyz, /metrics, /version, /openapi.json and /docs.
 * Stopping makes it not ready, closes the port, lets requests in flight finish for 10 s and then cuts them.
 */
export function httpComponent(definition: HttpDefinition): Component & { port(): number } {
  const { name, log, endpoints, host, isTransient = () => false } = definition;
  for (const endpoint of endpoints) assertStrict(endpoint);
  let isStopping = false;
  let server: Server | undefined;
  const self: Component = {
    name: 'http',
    start: async () => {
      const app = httpApp({
        ...definition,
        isTransient,
        components: [...definition.components, self],
        requests: requestCounts(),
      });
      server = createServer(
        {
          headersTimeout: HEADERS_TIMEOUT_MS,
          requestTimeout: REQUEST_TIMEOUT_MS,
          connectionsCheckingInterval: TIMEOUT_CHECK_MS,
        },
        app,
      );
      server.timeout = IDLE_TIMEOUT_MS;
      server.listen(definition.port, host);
      await once(server, 'listening');
      log.info({ host, port: portOf(server), endpoints: endpoints.length }, `${name} listens`);
    },
    stop: async () => {
      isStopping = true;
      if (server?.listening === true) await drain(server);
    },
    ready: () => (isStopping ? { ok: false, detail: 'stopping' } : { ok: true }),
  };
  return { ...self, port: () => portOf(server) };
}

function portOf(server: Server | undefined): number {
  return (server?.address() as AddressInfo | null | undefined)?.port ?? 0;
}

async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection becomes idle when its answer is out, and would otherwise stay for the next request.
  const sweep = setInterval(() => server.closeIdleConnections(), DRAIN_SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
