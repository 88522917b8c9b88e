import type { Transaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { until } from '@bijli/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Heard } from '../src/index.ts';
import { appendEvents } from '../src/index.ts';
import type { Outage } from './outages.ts';
import { hearOutages, OUTAGE, outage, recordEffects } from './outages.ts';
import type { Testbed } from './testbed.ts';
import { openTestbed } from './testbed.ts';

const exporter = new InMemorySpanExporter();
const tracer = trace.getTracer('test');
let bed: Testbed;

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
});
afterAll(() => {
  context.disable();
  trace.disable();
});
beforeEach(async () => {
  exporter.reset();
  bed = await openTestbed();
});
afterEach(async () => {
  await bed.close();
});

/** Says each event inside a request of its own. */
const request = (event: Outage, traced = true): Promise<void> =>
  tracer.startActiveSpan('request', async (span) => {
    await bed.db.transaction((tx) => appendEvents(tx, OUTAGE, [event], { traced }));
    span.end();
  });
const finished = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name);
const traceIds = (spans: readonly ReadableSpan[]): string[] => spans.map((span) => span.spanContext().traceId).sort();
const parentIds = (spans: readonly ReadableSpan[]): (string | undefined)[] =>
  spans.map((span) => span.parentSpanContext?.spanId).sort();
const ids = (spans: readonly ReadableSpan[]): string[] => spans.map((span) => span.spanContext().spanId).sort();

describe('a trace', () => {
  test('runs from the request over the relay to the handler, each event in its own', async () => {
    const events = Array.from({ length: 300 }, () => outage(newId(), 1));
    await Promise.all(events.map((event) => request(event)));
    const contexts: string[] = [];
    const apply = async (tx: Transaction, heard: readonly Heard<Outage>[]): Promise<void> => {
      await recordEffects(tx, heard);
      for (const each of heard) {
        contexts.push(trace.getSpanContext(each.context)?.traceId ?? '');
        tracer.startSpan('effect', {}, each.context).end();
      }
    };
    await bed.relay();
    await bed.run([hearOutages('latest-wins', apply)]);
    await bed.seen('applied', 300);
    await until(() => finished('hearer.outages process').length === 300, { describe: 'the consumer spans' });

    const [requests, publishes, processes, effects] = [
      'request',
      'outage.outage.v1 publish',
      'hearer.outages process',
      'effect',
    ].map(finished);
    expect(new Set(traceIds(requests ?? [])).size).toBe(300);
    expect(traceIds(publishes ?? [])).toEqual(traceIds(requests ?? []));
    expect(traceIds(processes ?? [])).toEqual(traceIds(requests ?? []));
    expect(parentIds(publishes ?? [])).toEqual(ids(requests ?? []));
    expect(parentIds(processes ?? [])).toEqual(ids(publishes ?? []));
    expect(parentIds(effects ?? [])).toEqual(ids(processes ?? []));
    expect(contexts.sort()).toEqual(traceIds(requests ?? []));
    expect([publishes?.[0]?.kind, processes?.[0]?.kind]).toEqual([SpanKind.PRODUCER, SpanKind.CONSUMER]);
    expect(JSON.stringify(exporter.getFinishedSpans().map(({ attributes }) => attributes))).not.toContain(
      events[0]?.aggregateId,
    );
  });

  test('is not made for what was said outside one, or with traced: false', async () => {
    await bed.db.transaction((tx) => appendEvents(tx, OUTAGE, [outage(newId(), 1)]));
    await request(outage(newId(), 1), false);
    await bed.relay();
    const heardHeaders: (string | undefined)[] = [];
    const apply = async (tx: Transaction, heard: readonly Heard<Outage>[]): Promise<void> => {
      heardHeaders.push(...heard.map(({ traceparent }) => traceparent));
      await recordEffects(tx, heard);
    };
    await bed.run([hearOutages('latest-wins', apply)]);
    await bed.seen('applied', 2);

    expect(heardHeaders).toEqual([undefined, undefined]);
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['request']);
  });

  test('goes on through what a handler says when it hears one event alone', async () => {
    const [said, answer] = [outage(newId(), 1), outage(newId(), 1)];
    const apply = async (tx: Transaction, heard: readonly Heard<Outage>[]): Promise<void> => {
      await recordEffects(tx, heard);
      if (heard.some(({ event }) => event.eventId === said.eventId)) await appendEvents(tx, OUTAGE, [answer]);
    };
    await bed.relay();
    await bed.run([hearOutages('latest-wins', apply)]);
    await request(said);
    await bed.seen('applied', 2);
    await until(() => finished('hearer.outages process').length === 2, { describe: 'both consumer spans' });

    expect(new Set(traceIds(exporter.getFinishedSpans())).size).toBe(1);
  });

  test('says what failed and how often it was tried', async () => {
    await request(outage(newId(), 1));
    await bed.relay();
    await bed.run([
      hearOutages('latest-wins', async () => {
        throw new TypeError('a bug');
      }),
    ]);
    await bed.seen('dead', 1);
    await until(() => finished('hearer.outages process').length === 6, { describe: 'a span for each try' });

    expect(finished('hearer.outages process').map(({ status }) => [status.code, status.message])).toEqual([
      [SpanStatusCode.ERROR, 'stored'],
      ...Array.from({ length: 4 }, () => [SpanStatusCode.ERROR, 'retry']),
      [SpanStatusCode.ERROR, 'failed'],
    ]);
  });
});
