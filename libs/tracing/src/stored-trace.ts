import { type Context, trace } from '@opentelemetry/api';
import { traceparentOf } from './trace-context.ts';

/** In which trace something is followed, as plain data that can be stored. */
export type Trace = {
  /** 32 hex digits. */
  readonly traceId: string | null;
  /** W3C `traceparent` that what comes of it continues; null where nothing does. */
  readonly traceparent: string | null;
};

export const untraced: Trace = { traceId: null, traceparent: null };

/** Gives the trace of a context, to be stored and continued (`contextOf`). */
export function traceOf(context: Context): Trace {
  const traceparent = traceparentOf(context);
  return traceparent === null ? untraced : { traceId: trace.getSpanContext(context)?.traceId ?? null, traceparent };
}
