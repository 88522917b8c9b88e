import { context, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { AnyEvent, PendingRow } from './inbox-rows.ts';
import type { Heard } from '../subscriptions/subscription.ts';
import type { StartedSpan } from '@bijli/tracing';
import { contextOf, continueTrace } from '@bijli/tracing';

/** The consumer spans of the rows in hand, by row id: one a row, however often its batch is tried. */
export type HandlingSpans = Map<string, StartedSpan>;

type Record = Pick<PendingRow, 'id' | 'headers' | 'topic' | 'receivedAt'>;

/** Gives a handler its event, with the span that continues the trace in which it was published. */
export function startHandling<E extends AnyEvent>(
  subscription: string,
  record: Record,
  event: E,
  spans: HandlingSpans,
): Heard<E> {
  const traceparent = record.headers['traceparent'];
  if (traceparent === undefined) return { event, context: contextOf(undefined), receivedAt: record.receivedAt };
  const started =
    spans.get(record.id) ??
    continueTrace(traceparent, `${subscription} process`, SpanKind.CONSUMER, {
      'messaging.destination.name': record.topic,
      'messaging.operation.type': 'process',
      'messaging.consumer.group.name': subscription,
      'bijli.event.type': event.type,
    });
  spans.set(record.id, started);
  return { event, context: started.context, traceparent, receivedAt: record.receivedAt };
}

/** Ends a row's span, if it has one. */
export function endSpan(spans: HandlingSpans, id: string, failure?: string): void {
  const started = spans.get(id);
  if (started === undefined) return;
  if (failure !== undefined) started.span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
  started.span.end();
  spans.delete(id);
}

/** Calls a handler; one event alone is handled inside its own trace, so that what it says and asks continues it. */
export async function underItsTrace<E, T>(heard: readonly Heard<E>[], work: () => Promise<T>): Promise<T> {
  const [only] = heard;
  return heard.length === 1 && only !== undefined ? await context.with(only.context, work) : await work();
}
