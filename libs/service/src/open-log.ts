import { types } from 'node:util';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';
import { maskNumbers } from './mask-numbers.ts';

export type { Logger } from 'pino';

/** Levels that `LOG_LEVEL` may have, loudest last. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Fields that never leave the process, at the top and one level down. */
const SECRET_FIELDS = [
  'mobile',
  'mobileNumber',
  'number',
  'phone',
  'msisdn',
  'destination',
  'text',
  'body',
  'password',
  'secret',
  'authorization',
  'cookie',
  'token',
  'headers',
  'bindings',
  'parameters',
];
/** Causes are followed this deep. */
const MAX_CAUSES = 4;

/**
 * Opens the log of a service: JSON lines on standard output with constant messages and fields, the ids of
 * the active span, secret fields removed, and anything that looks like a mobile number masked in the finished line.
 * `destination` replaces standard output (tests).
 */
export function openLog(name: string, level: LogLevel = 'info', destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: name },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    messageKey: 'message',
    serializers: { err: errorFields, error: nameOrFields },
    redact: { paths: [...SECRET_FIELDS, ...SECRET_FIELDS.map((field) => `*.${field}`)], censor: '[removed]' },
    mixin: spanFields,
    hooks: { streamWrite: maskNumbers },
  };
  // Written at once: what waits in memory is lost, or out of order, when the process is killed.
  return pino(options, destination ?? pino.destination({ fd: process.stdout.fd, sync: true }));
}

function spanFields(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : {};
}

/** A caller that gives a text has chosen it: the class and code of an error, never what somebody threw. */
function nameOrFields(error: unknown): unknown {
  return typeof error === 'string' ? error : errorFields(error);
}

/** An allow-list: a driver's error carries the row it refused in `detail`, and must not. */
function errorFields(error: unknown, depth = 0): unknown {
  if (!types.isNativeError(error)) return { type: typeof error };
  const { code, reason, cause } = error as Error & { code?: unknown; reason?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code: String(code) }),
    ...(reason === undefined ? {} : { reason: String(reason) }),
    stack: error.stack,
    ...(cause === undefined || depth >= MAX_CAUSES ? {} : { cause: errorFields(cause, depth + 1) }),
  };
}
