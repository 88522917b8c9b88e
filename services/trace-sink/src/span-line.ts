/** One span as it stands in the sink's files, a line of JSON each. Times are nanoseconds since 1970, as text: they exceed a number. */
export type SpanLine = {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer' | 'unspecified';
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Record<string, unknown>;
  readonly links: { traceId: string; spanId: string }[];
  readonly status: 'unset' | 'ok' | 'error';
};

// OTLP 1.5, trace.proto: Span.SpanKind and Status.StatusCode.
const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const statuses = ['unset', 'ok', 'error'] as const;

type AnyValue = {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly arrayValue?: { values?: AnyValue[] };
};
type Attribute = { readonly key: string; readonly value: AnyValue };
type OtlpSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: Attribute[];
  readonly links?: { traceId: string; spanId: string }[];
  readonly status?: { code?: number };
};

/** The body of an OTLP/HTTP JSON export, as far as we read it. */
export type OtlpExport = {
  readonly resourceSpans?: { resource?: { attributes?: Attribute[] }; scopeSpans?: { spans?: OtlpSpan[] }[] }[];
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
