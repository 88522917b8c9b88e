export { type Trace, traceOf, untraced } from './stored-trace.ts';
export { activeTraceparent, contextOf, continueTrace, type StartedSpan, traceparentOf } from './trace-context.ts';
export { currentTraceId, type SpanOptions, withSpan } from './with-span.ts';
export { withoutSpans } from './without-spans.ts';
