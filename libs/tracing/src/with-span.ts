import {
  type Attributes,
  type Context,
  context,
  type Link,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

const tracer = trace.getTracer('@bijli/tracing');

/** `parent` is a context (default: the active one); attributes carry counts and opaque ids, never a number or a name. */
export type SpanOptions = {
  readonly kind?: SpanKind;
  readonly parent?: Context;
  readonly attributes?: Attributes;
  readonly links?: Link[];
};

/**
 * Runs `work` inside a new span and ends it with the work; an error marks the span as failed and goes on to
 * the caller. Costs next to nothing where telemetry is not loaded.
 */
export async function withSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T> | T,
): Promise<T> {
  const { parent = context.active(), ...rest } = options;
  return tracer.startActiveSpan(name, rest, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Gives the trace id of the active span (32 hex digits), or null where none is recorded. */
export function currentTraceId(): string | null {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && trace.isSpanContextValid(span) ? span.traceId : null;
}
