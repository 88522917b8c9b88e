import { type Context, isSpanContextValid, ROOT_CONTEXT, trace } from '@opentelemetry/api';

/** In which trace something is followed, as plain data that can be stored. */
export type Trace = {
  /** 32 hex digits. */
  readonly traceId: string | null;
  /** W3C `traceparent` that what comes of it continues; null where nothing does. */
  readonly traceparent: string | null;
};

export const untraced: Trace = { traceId: null, traceparent: null };

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** This function will give the trace of a context, to be continued. */
export function traceOf(context: Context): Trace {
  const span = trace.getSpanContext(context);
  if (span === undefined || !isSpanContextValid(span)) return untraced;
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  return { traceId: span.traceId, traceparent: `00-${span.traceId}-${span.spanId}-${flags}` };
}

/** This function will make a context that continues a `traceparent` of `traceOf`. */
export function contextOf(traceparent: string): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}
