import type { Attributes, Context, Span } from '@opentelemetry/api';
import {
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

// Of our own, not the global one: what is stored does not depend on whether telemetry is switched on.
const propagator = new W3CTraceContextPropagator();

/** Writes the `traceparent` of a context; undefined when it has no span. */
export function traceparentOf(of: Context): string | undefined {
  const span = trace.getSpanContext(of);
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  const carrier: Record<string, string> = {};
  propagator.inject(of, carrier, defaultTextMapSetter);
  return carrier['traceparent'];
}

/** The `traceparent` of the span that is active here. */
export const activeTraceparent = (): string | undefined => traceparentOf(context.active());

/** Reads a stored `traceparent` into a context; the root context when there is none or it is malformed. */
export const contextOf = (traceparent: string | undefined): Context =>
  traceparent === undefined ? ROOT_CONTEXT : propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);

/** A span made by hand, and the context that carries it. */
export type StartedSpan = { span: Span; context: Context };

/** Starts a span that continues a stored `traceparent`. Attributes never hold a key or a number. */
export function continueTrace(
  traceparent: string,
  name: string,
  kind: SpanKind.PRODUCER | SpanKind.CONSUMER,
  attributes: Attributes,
): StartedSpan {
  const parent = contextOf(traceparent);
  const span = trace
    .getTracer('@bijli/outbox')
    .startSpan(name, { kind, attributes: { 'messaging.system': 'kafka', ...attributes } }, parent);
  return { span, context: trace.setSpan(parent, span) };
}
