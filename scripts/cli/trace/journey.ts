import type { SpanLine } from '@bijli/trace-sink/span-line';

/** One line of a journey. Times are milliseconds from its first moment; a wait belongs to no service. */
export type Step = {
  readonly kind: 'span' | 'outbox-wait' | 'kafka-wait';
  readonly depth: number;
  readonly atMs: number;
  readonly tookMs: number;
  readonly service: string;
  readonly name: string;
  readonly failed: boolean;
  readonly spanId: string;
};

/** A trace read downwards: what caused what, and how long it lay in between. */
export type Journey = {
  readonly traceId: string;
  readonly startedAt: Date;
  readonly tookMs: number;
  readonly services: string[];
  readonly steps: Step[];
};

type Span = { readonly line: SpanLine; readonly from: bigint; readonly to: bigint };
type Trace = {
  readonly begin: bigint;
  readonly byId: ReadonlyMap<string, Span>;
  readonly childrenOf: ReadonlyMap<string, readonly Span[]>;
};

const NANOS_PER_MS = 1e6;
const NANOS_PER_MILLISECOND = 1_000_000n;

/**
 * Orders the spans of one trace into a journey; null where there are none. A span whose parent is not there (yet, or it was dropped)
 * begins a branch of its own.
 */
export function journeyOf(lines: readonly SpanLine[]): Journey | null {
  const spans = unique(lines).sort((a, b) => (a.from < b.from ? -1 : 1));
  const [first] = spans;
  if (first === undefined) return null;
  const byId = new Map(spans.map((span) => [span.line.spanId, span]));
  const childrenOf = Map.groupBy(spans, ({ line }) => (byId.has(line.parentSpanId) ? line.parentSpanId : ''));
  const trace = { begin: first.from, byId, childrenOf };
  const end = spans.reduce((latest, { to }) => (to > latest ? to : latest), first.to);
  return {
    traceId: first.line.traceId,
    startedAt: new Date(Number(first.from / NANOS_PER_MILLISECOND)),
    tookMs: milliseconds(end - first.from),
    services: [...new Set(spans.map(({ line }) => line.service))],
    steps: below(trace, '', 0, new Set()),
  };
}

/** An export that is tried again may bring a span twice. */
function unique(lines: readonly SpanLine[]): Span[] {
  const byId = new Map(lines.map((line) => [line.spanId, line]));
  return [...byId.values()].map((line) => ({
    line,
    from: BigInt(line.startTimeUnixNano),
    to: BigInt(line.endTimeUnixNano),
  }));
}

function below(trace: Trace, parentId: string, depth: number, seen: Set<string>): Step[] {
  const children = (trace.childrenOf.get(parentId) ?? []).filter(({ line }) => !seen.has(line.spanId));
  for (const { line } of children) seen.add(line.spanId);
  return children.flatMap((span) => [
    ...waitsBefore(trace, span).map((wait) => ({ ...wait, depth })),
    stepOf(trace, span, depth),
    ...below(trace, span.line.spanId, depth + 1, seen),
  ]);
}

function stepOf({ begin }: Trace, { line, from, to }: Span, depth: number): Step {
  const { service, name, status, spanId } = line;
  const times = { atMs: milliseconds(from - begin), tookMs: milliseconds(to - from) };
  return { kind: 'span', depth, ...times, service, name, failed: status === 'error', spanId };
}

function waitsBefore(trace: Trace, span: Span): Omit<Step, 'depth'>[] {
  const parent = trace.byId.get(span.line.parentSpanId);
  if (parent === undefined) return [];
  if (span.line.kind === 'producer') return waitOf(trace, 'outbox-wait', committedAt(trace, parent, span), span);
  const isHeard = span.line.kind === 'consumer' && parent.line.kind === 'producer';
  return isHeard ? waitOf(trace, 'kafka-wait', sentAt(parent, span), span) : [];
}

/** When the event could first be published: the commit of whoever appended it, or that one's end. */
function committedAt({ childrenOf }: Trace, parent: Span, producer: Span): bigint | null {
  const siblings = childrenOf.get(parent.line.spanId) ?? [];
  const commit = siblings.filter(({ line, from }) => line.name.includes('COMMIT') && from <= producer.from).at(-1);
  if (commit === undefined) return parent.to <= producer.from ? parent.to : null;
  // The relay is woken by the commit itself, and may be faster than its answer.
  return commit.to < producer.from ? commit.to : producer.from;
}

/** The producer's span also covers marking the row, so a fast reader may hear before it ends: then it counts from its beginning. */
function sentAt(producer: Span, consumer: Span): bigint {
  return producer.to <= consumer.from ? producer.to : producer.from;
}

function waitOf(
  { begin }: Trace,
  kind: 'outbox-wait' | 'kafka-wait',
  from: bigint | null,
  until: Span,
): Omit<Step, 'depth'>[] {
  // Two machines' clocks may disagree by more than a short wait.
  if (from === null || until.from < from) return [];
  const name = kind === 'outbox-wait' ? 'waits in the outbox' : 'waits in Kafka';
  const times = { atMs: milliseconds(from - begin), tookMs: milliseconds(until.from - from) };
  return [{ kind, ...times, service: '', name, failed: false, spanId: '' }];
}

function milliseconds(nanos: bigint): number {
  return Number(nanos) / NANOS_PER_MS;
}
