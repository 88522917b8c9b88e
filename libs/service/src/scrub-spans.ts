import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { maskNumbers } from './mask-numbers.ts';

/** Attributes that hold what a caller typed, or who called. */
const DROPPED = [
  'url.full',
  'url.path',
  'url.query',
  'http.url',
  'http.target',
  'http.user_agent',
  'user_agent.original',
  'http.client_ip',
  'client.address',
  'client.port',
  'network.peer.address',
  'network.peer.port',
  'net.peer.ip',
  'net.peer.port',
  'db.connection_string',
  'exception.message',
  'exception.stacktrace',
] as const;
/** Spans that this repository makes. */
const OWN_SCOPE = '@bijli/';
/** A statement is told by its beginning. */
const MAX_TEXT = 240;
const WHITE_SPACE = /\s+/g;

/** Puts before a span processor one that takes what is personal out of finished spans. */
export function scrubbed(inner: SpanProcessor): SpanProcessor {
  return {
    onStart: (span, context) => inner.onStart(span, context),
    onEnd: (span) => {
      scrub(span);
      inner.onEnd(span);
    },
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
  };
}

/** In place: the span has ended, and nobody but the exporter reads it. */
function scrub(span: ReadableSpan): void {
  scrubAttributes(span.attributes);
  for (const event of span.events) if (event.attributes !== undefined) scrubAttributes(event.attributes);
  // A driver's message may quote the value it refused; ours name the class of the error.
  if (!span.instrumentationScope.name.startsWith(OWN_SCOPE)) delete span.status.message;
}

function scrubAttributes(attributes: Record<string, unknown>): void {
  for (const name of DROPPED) delete attributes[name];
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string')
      attributes[name] = maskNumbers(value).replaceAll(WHITE_SPACE, ' ').slice(0, MAX_TEXT);
  }
}
