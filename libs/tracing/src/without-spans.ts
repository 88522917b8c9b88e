import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';

/**
 * Runs `work` so that nothing it does becomes a span: for what happens once per slice or flush of a large run,
 * whose chunk has a span of its own.
 */
export function withoutSpans<T>(work: () => Promise<T>): Promise<T> {
  return context.with(suppressTracing(context.active()), work);
}
