import { describe, expect, test } from '@jest/globals';
import type { SpanLine } from '@bijli/trace-sink/span-line';
import { journeyOf } from './journey.ts';
import { printJourney } from './print-journey.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const begin = 1_769_760_000_000n * 1_000_000n;
const nanos = (ms: number) => String(begin + BigInt(Math.round(ms * 1e6)));

/** A span of `service` from one millisecond of the trace to another. */
function span(
  spanId: string,
  parentSpanId: string,
  service: string,
  name: string,
  [from, to]: [number, number],
  more: Partial<SpanLine> = {},
): SpanLine {
  return {
    service,
    traceId,
    spanId,
    parentSpanId,
    name,
    kind: 'internal',
    startTimeUnixNano: nanos(from),
    endTimeUnixNano: nanos(to),
    attributes: {},
    links: [],
    status: 'unset',
    ...more,
  };
}

const spans = [
  span('01', 'c0ffee', 'outage', 'POST /v1/outages', [0, 26], { kind: 'server' }),
  span('02', '01', 'outage', 'request handler', [1, 25]),
  span('03', '02', 'outage', 'pg.query:BEGIN outage', [2, 3], { kind: 'client' }),
  span('04', '02', 'outage', 'pg.query:INSERT outage', [4, 6], { kind: 'client' }),
  span('05', '02', 'outage', 'pg.query:COMMIT outage', [7, 20], { kind: 'client' }),
  span('06', '02', 'outage', 'outage.outage.v1 publish', [30, 40], { kind: 'producer' }),
  span('07', '06', 'notifier', 'notifier.outage process', [50.5, 60], { kind: 'consumer' }),
  span('08', '07', 'notifier', 'plan', [51, 59], { status: 'error' }),
];
const shuffled = [5, 2, 7, 0, 4, 1, 6, 3, 5].flatMap((place) => spans[place] ?? []);

describe('journeyOf', () => {
  test('orders spans as they caused each other, with the waits between them as steps of their own', () => {
    const journey = journeyOf(shuffled);

    expect(journey?.steps.map(({ depth, name, atMs, tookMs }) => [depth, name, atMs, tookMs])).toEqual([
      [0, 'POST /v1/outages', 0, 26],
      [1, 'request handler', 1, 24],
      [2, 'pg.query:BEGIN outage', 2, 1],
      [2, 'pg.query:INSERT outage', 4, 2],
      [2, 'pg.query:COMMIT outage', 7, 13],
      [2, 'waits in the outbox', 20, 10],
      [2, 'outage.outage.v1 publish', 30, 10],
      [3, 'waits in Kafka', 40, 10.5],
      [3, 'notifier.outage process', 50.5, 9.5],
      [4, 'plan', 51, 8],
    ]);
    expect(journey).toMatchObject({
      traceId,
      tookMs: 60,
      services: ['outage', 'notifier'],
      startedAt: new Date(1_769_760_000_000),
    });
  });

  test('counts the wait in Kafka from the beginning of publishing where the reader was faster than the mark', () => {
    const fast = [
      ...spans.slice(0, 6),
      span('07', '06', 'notifier', 'notifier.outage process', [34, 60], { kind: 'consumer' }),
    ];

    expect(journeyOf(fast)?.steps.find(({ kind }) => kind === 'kafka-wait')).toMatchObject({ atMs: 30, tookMs: 4 });
  });

  test('counts the wait in the outbox from the end of whoever appended where no commit was traced', () => {
    const untraced = spans.filter(({ name }) => !name.startsWith('pg'));

    expect(journeyOf(untraced)?.steps.find(({ kind }) => kind === 'outbox-wait')).toMatchObject({
      atMs: 25,
      tookMs: 5,
    });
  });

  test('counts no wait in the outbox where the relay was faster than the answer to the commit', () => {
    const fast = [
      ...spans.slice(0, 5),
      span('06', '02', 'outage', 'outage.outage.v1 publish', [18, 40], { kind: 'producer' }),
    ];

    expect(journeyOf(fast)?.steps.find(({ kind }) => kind === 'outbox-wait')).toMatchObject({ atMs: 18, tookMs: 0 });
  });

  test('tells no negative wait where clocks disagree', () => {
    const early = [
      ...spans.slice(0, 6),
      span('07', '06', 'notifier', 'notifier.outage process', [10, 60], { kind: 'consumer' }),
    ];

    expect(journeyOf(early)?.steps.some(({ kind }) => kind === 'kafka-wait')).toBe(false);
  });

  test('begins a branch of its own for a span whose parent is not there, and ends where a span is its own parent', () => {
    const orphans = [...spans.slice(6), span('09', '09', 'outage', 'circle', [70, 71])];

    expect(journeyOf(orphans)?.steps.map(({ depth, name }) => [depth, name])).toEqual([
      [0, 'notifier.outage process'],
      [1, 'plan'],
    ]);
  });

  test('is nothing without spans', () => {
    expect(journeyOf([])).toBeNull();
  });
});

describe('printJourney', () => {
  const journey = journeyOf(spans);
  const print = (all: boolean) =>
    journey === null ? '' : printJourney(journey, { title: 'OutageReported (version 1)', all });

  test('is a waterfall with services, durations and waits, statements folded', () => {
    expect(
      print(false)
        .split('\n')
        .map((line) => line.trimEnd()),
    ).toEqual([
      'OutageReported (version 1) at 30/01/2026, 13:30:00 IST: 60.0 ms over outage, notifier',
      `trace ${traceId}`,
      '',
      '    0.0 ms     26.0 ms  █████████████                   outage    POST /v1/outages',
      '    1.0 ms     24.0 ms   ████████████                   outage      request handler',
      '    2.0 ms     18.0 ms   █████████                      outage        PostgreSQL, 3 statements',
      '   20.0 ms     10.0 ms            ░░░░░                               · waits in the outbox',
      '   30.0 ms     10.0 ms                 █████            outage        outage.outage.v1 publish',
      '   40.0 ms     10.5 ms                      ░░░░░                       · waits in Kafka',
      '   50.5 ms      9.5 ms                           █████  notifier        notifier.outage process',
      '   51.0 ms      8.0 ms                            ████  notifier          plan (failed)',
      '',
    ]);
  });

  test('shows each statement when asked', () => {
    expect(print(true).match(/pg\.query/g)).toHaveLength(3);
  });
});
