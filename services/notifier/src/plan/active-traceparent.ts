import { context, propagation } from '@opentelemetry/api';

/** This function will write the `traceparent` of the active span; null where nothing is traced. */
export function activeTraceparent(): string | null {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'] ?? null;
}
