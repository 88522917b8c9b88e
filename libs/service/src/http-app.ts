import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { ApiDescription } from './api-description.ts';
import { apiViewer } from './api-viewer.ts';
import { dispatch } from './dispatch.ts';
import type { Endpoint, Reply } from './endpoint.ts';
import { type Health, liveness, readiness } from './health.ts';
import { METRICS_TYPE, metricsText, type RequestCounts } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import type { Component } from '@bijli/loop';
import { problem } from './problem.ts';
import { requestLog } from './request-log.ts';
import { currentTraceId } from '@bijli/tracing';

export type AppDefinition = {
  readonly name: string;
  readonly version: string;
  readonly api: ApiDescription;
  readonly log: Logger;
  readonly endpoints: readonly Endpoint[];
  readonly components: readonly Component[];
  readonly requests: RequestCounts;
  readonly isTransient: (error: unknown) => boolean;
};

/** RFC 9110, 15.4.9. */
const PERMANENT_REDIRECT = 308;

/** Builds the request's path, to be read downwards: headers, log, health, documents, endpoints, problems. */
export function httpApp(definition: AppDefinition): Express {
  const { name, endpoints, log, requests, isTransient } = definition;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('case sensitive routing', true);
  app.use(helmet());
  app.use(requestLog(log, requests));
  app.use(healthPages(definition));
  app.use('/docs', apiViewer(name));
  serveEndpoints(app, endpoints);
  // Somebody who opens a service in a browser wants to know what it is.
  app.get('/', (_request, response) => response.redirect(PERMANENT_REDIRECT, 'docs/'));
  app.use((_request, response) => send(response, problem(404, 'not-found', 'No endpoint has this address')));
  app.use(unexpected(isTransient));
  return app;
}

function healthPages({ name, version, api, components, requests, endpoints }: AppDefinition): RequestHandler {
  const router = express.Router();
  const health = (answer: Promise<Health>, response: Response) =>
    answer.then((found) => send(response, { status: found.ok ? 200 : 503, body: found }));
  const documentOf = (now: Date) => openApiDocument({ version, api, endpoints, now });
  documentOf(new Date()); // what is wrong in it is found when the service starts
  router.get('/livez', (_request, response) => health(liveness(components), response));
  router.get('/readyz', (_request, response) => health(readiness(components), response));
  router.get('/metrics', async (_request, response) =>
    send(response, { status: 200, contentType: METRICS_TYPE, body: await metricsText(name, components, requests) }),
  );
  router.get('/version', (_request, response) =>
    send(response, { status: 200, body: { name, version, node: process.version } }),
  );
  router.get('/openapi.json', (_request, response) => send(response, { status: 200, body: documentOf(new Date()) }));
  return router;
}

function serveEndpoints(app: Express, endpoints: readonly Endpoint[]): void {
  for (const endpoint of endpoints) app[endpoint.method](pattern(endpoint.path), serve(endpoint));
  for (const [path, members] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) {
    const allowed = members.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
    const refusal = problem(
      405,
      'method-not-allowed',
      'This method is not allowed here; Allow names those that are',
      {},
      { allow: allowed.join(', ') },
    );
    app.all(pattern(path), (_request, response) => send(response, refusal));
  }
}

function pattern(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function serve(endpoint: Endpoint): RequestHandler {
  return async (request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const search = request.originalUrl.split('?').slice(1).join('?');
    const reply = await dispatch(endpoint, { request, params: request.params, search, signal: gone.signal });
    send(response, reply);
  };
}

function send(response: Response, { status, body, headers = {}, contentType }: Reply): void {
  if (response.headersSent || response.destroyed) return;
  const traceId = currentTraceId();
  if (traceId !== null) response.setHeader('trace-id', traceId);
  response.setHeader('cache-control', 'no-store');
  response.status(status).set(headers);
  if (body === undefined) response.end();
  else if (contentType === undefined || contentType.endsWith('json'))
    response.type(contentType ?? 'application/json').send(JSON.stringify(body));
  else if (isPieces(body)) sendPieces(response.set('content-type', contentType), body);
  else response.set('content-type', contentType).send(body);
}

function isPieces(body: unknown): body is AsyncIterable<string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** Sends a long text no faster than it is taken. What fails half way can only be cut off; the log says why. */
function sendPieces(response: Response, pieces: AsyncIterable<string>): void {
  pipeline(Readable.from(pieces), response).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 'ERR_STREAM_PREMATURE_CLOSE')
      (response as { err?: unknown }).err = error;
  });
}

/** Seconds after which asking again may help. */
const RETRY_AFTER = '5';

/** Whatever was thrown: the caller learns nothing of it but the status. */
function unexpected(isTransient: (error: unknown) => boolean): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const status = (error as { status?: unknown } | null)?.status;
    if (typeof status === 'number' && status >= 400 && status < 500) {
      send(response, problem(status, 'invalid-request', 'The request is not valid'));
      return;
    }
    (response as { err?: unknown }).err = error;
    if (!isTransient(error)) send(response, problem(500, 'internal', 'Something went wrong on our side'));
    else
      send(response, problem(503, 'unavailable', 'Please ask again in a moment', {}, { 'retry-after': RETRY_AFTER }));
  };
}
