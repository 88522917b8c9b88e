import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { register } from 'import-in-the-middle/register-hooks.mjs';
import { scrubbed } from './scrub-spans.ts';

/** Spans that wait for the exporter; more are dropped, never kept. */
const MAX_WAITING_SPANS = 4_096;
const MAX_SPANS_PER_EXPORT = 512;
/** So long at most until a span can be seen. */
const EXPORT_EVERY_MS = 1_000;
const EXPORT_TIMEOUT_MS = 5_000;
/** Asked every few seconds by machines; nobody's journey. */
const UNTRACED = ['/livez', '/readyz', '/metrics', '/version', '/openapi.json', '/docs'];

/**
 * Starts tracing for this process: HTTP, Express and PostgreSQL by instrumentation, Kafka by hand (the relay
 * and the workers make those spans). Spans go to `OTEL_EXPORTER_OTLP_ENDPOINT` as OTLP JSON; without it trace ids
 * are still made and passed on. `OTEL_SDK_DISABLED=true` starts nothing.
 */
export function startTelemetry(env: Readonly<Record<string, string | undefined>>): void {
  if (env['OTEL_SDK_DISABLED'] === 'true') return;
  // Without the hook the spans of libraries that are imported (not required) vanish silently.
  register({ include: ['http', 'node:http', 'express', 'pg', 'pg-pool'] });
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({ 'service.name': env['OTEL_SERVICE_NAME'] ?? 'unknown' }),
    autoDetectResources: false,
    // Trace context only: baggage would carry a caller's values onwards.
    textMapPropagator: new W3CTraceContextPropagator(),
    spanProcessors: exporters(env['OTEL_EXPORTER_OTLP_ENDPOINT']),
    // Metrics are at /metrics and logs on standard output: the SDK makes spans only.
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: instrumentations(),
  });
  sdk.start();
}

function exporters(endpoint: string | undefined): SpanProcessor[] {
  if (endpoint === undefined || endpoint === '') return [];
  const exporter = new OTLPTraceExporter({
    url: new URL('/v1/traces', endpoint).href,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const batches = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_WAITING_SPANS,
    maxExportBatchSize: MAX_SPANS_PER_EXPORT,
    scheduledDelayMillis: EXPORT_EVERY_MS,
  });
  return [scrubbed(batches)];
}

function instrumentations() {
  return [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: ({ url }) => isUntraced(url ?? ''),
      requireParentforOutgoingSpans: true,
    }),
    new ExpressInstrumentation({ ignoreLayersType: [ExpressLayerType.MIDDLEWARE, ExpressLayerType.ROUTER] }),
    new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
  ];
}

function isUntraced(url: string): boolean {
  const path = url.split('?')[0] ?? '';
  return UNTRACED.includes(path) || path.startsWith('/docs/');
}
