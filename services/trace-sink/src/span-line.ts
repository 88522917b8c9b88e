/** One span as it stands in the sink's files, a line of JSON each. Times are nanoseconds since 1970, as text: they exceed a number. */
export type SpanLine = {
  service: string;
  traceId: string;
  spanId: string;
  /** Empty for the first span of a trace. */
  parentSpanId: string;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer' | 'unspecified';
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  status: 'unset' | 'ok' | 'error';
};

// OTLP 1.5, trace.proto: Span.SpanKind and Status.StatusCode.
const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const statuses = ['unset', 'ok', 'error'] as const;

type AnyValue = {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string | number;
  doubleValue?: number;
  arrayValue?: { values?: AnyValue[] };
};
type Attribute = { key: string; value: AnyValue };
type OtlpSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind?: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: Attribute[];
  links?: { traceId: string; spanId: string }[];
  status?: { code?: number };
};

/** The body of an OTLP/HTTP JSON export, as far as we read it. */
export type OtlpExport = {
  resourceSpans?: { resource?: { attributes?: Attribute[] }; scopeSpans?: { spans?: OtlpSpan[] }[] }[];
};

/** Takes an export apart into one line a span. */
export function spanLines({ resourceSpans = [] }: OtlpExport): SpanLine[] {
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const service = String(flat(resource?.attributes)['service.name'] ?? 'unknown');
    return scopeSpans.flatMap(({ spans = [] }) => spans.map((span) => spanLine(service, span)));
  });
}

function spanLine(service: string, span: OtlpSpan): SpanLine {
  return {
    service,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name,
    kind: kinds[span.kind ?? 0] ?? 'unspecified',
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano: span.endTimeUnixNano,
    attributes: flat(span.attributes),
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
    status: statuses[span.status?.code ?? 0] ?? 'unset',
  };
}

function flat(attributes: Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

function plain(value: AnyValue): unknown {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plain);
  if (value.intValue !== undefined) return Number(value.intValue); // protobuf's JSON writes 64-bit integers as text
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? null;
}
