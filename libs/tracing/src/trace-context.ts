import type { Attributes, Context, Span, SpanKind } from '@opentelemetry/api';
import {
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  isSpanContextValid,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

// Of our own, not the global one: what is stored does not depend on whether telemetry is switched on.
const propagator = new W3CTraceContextPropagator();

/** Writes the `traceparent` (W3C Trace Context, 3.2) of a context; null when it has no span. */
export function traceparentOf(of: Context): string | null {
  const span = trace.getSpanContext(of);
  if (span === undefined || !isSpanContextValid(span)) return null;
  const carrier: Record<string, string> = {};
  propagator.inject(of, carrier, defaultTextMapSetter);
  return carrier['traceparent'] ?? null;
}

/** Writes the `traceparent` of the span that is active here; null where there is none. */
export function activeTraceparent(): string | null {
  return traceparentOf(context.active());
}

/** Reads a stored `traceparent` into a context; the root context when there is none or it is malformed. */
export function contextOf(traceparent: string | null | undefined): Context {
  if (traceparent === null || traceparent === undefined) return ROOT_CONTEXT;
  return propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);
}

/** A span made by hand, and the context that carries it. */
export type StartedSpan = { readonly span: Span; readonly context: Context };

/** Starts a span that continues a stored `traceparent`. Attributes never hold a key or a number. */
export function continueTrace(
  traceparent: string,
  name: string,
  kind: SpanKind.PRODUCER | SpanKind.CONSUMER,
  attributes: Attributes,
): StartedSpan {
  const parent = contextOf(traceparent);
  const span = trace
    .getTracer('@bijli/tracing')
    .startSpan(name, { kind, attributes: { 'messaging.system': 'kafka', ...attributes } }, parent);
  return { span, context: trace.setSpan(parent, span) };
}
