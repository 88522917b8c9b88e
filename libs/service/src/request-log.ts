import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { RequestCounts } from './metrics.ts';

const FIRST_FAILURE_STATUS = 500;
const UNAVAILABLE = 503;
/** Asked every few seconds by machines, and not ready is no error. */
const UNLOGGED = ['/livez', '/readyz', '/metrics'];

/**
 * Counts requests, and logs one line for each: ERROR where a human must act, WARN where it will heal, all
 * others at DEBUG. A line has the route's pattern and never the address, which may hold a number.
 */
export function requestLog(log: Logger, requests: RequestCounts): RequestHandler {
  const logger = pinoHttp({
    logger: log,
    quietReqLogger: true,
    quietResLogger: true,
    // Its own serializers would log every property of an error, and a driver's error holds the row it refused.
    wrapSerializers: false,
    serializers: { req: () => undefined, res: () => undefined },
    autoLogging: { ignore: ({ url = '' }) => UNLOGGED.includes(url.split('?')[0] ?? '') },
    customAttributeKeys: { responseTime: 'durationMs', err: 'err', reqId: 'requestId' },
    customLogLevel: (_request, { statusCode }) => levelOf(statusCode),
    customSuccessMessage: () => 'request answered',
    customErrorMessage: () => 'request failed',
    customProps: (request, { statusCode }) => ({
      method: request.method,
      route: routeOf(request as Request),
      status: statusCode,
    }),
  });
  return (request, response, next) => {
    const began = performance.now();
    response.once('finish', () =>
      requests.count(request.method, routeOf(request), response.statusCode, performance.now() - began),
    );
    logger(request, response);
    next();
  };
}

function levelOf(status: number): 'debug' | 'warn' | 'error' {
  if (status < FIRST_FAILURE_STATUS) return 'debug';
  return status === UNAVAILABLE ? 'warn' : 'error';
}

function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? `${request.baseUrl}${route.path}` : 'none';
}
