import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { journeyOf } from './journey.ts';
import { readSpans } from './read-spans.ts';

// Recorded from the started system: a restoration, its text sent and its receipts; the last line was cut off on purpose.
const folder = join(__dirname, 'fixtures');
const traceId = 'f86e01a2e7faad991a58f80ba4d3c6b2';

describe('readSpans', () => {
  test('reads one trace from both of the files of the sink, and passes over what is cut off', async () => {
    const spans = (await readSpans(folder, [traceId, 'f'.repeat(32)])).get(traceId) ?? [];

    expect(spans).toHaveLength(49);
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  });

  test('gives what a journey is made of: request, outbox, Kafka, plan, chunks and receipts', async () => {
    const journey = journeyOf((await readSpans(folder, [traceId])).get(traceId) ?? []);
    const path = journey?.steps.flatMap(({ name, kind }) =>
      name.startsWith('pg') ? [] : [kind === 'span' ? name : kind],
    );

    expect(journey?.services).toEqual(['outage', 'notifier']);
    expect(path).toEqual([
      'POST /v1/outages/:id/restoration',
      'request handler',
      'outbox-wait',
      'outage.outage.v1 publish',
      'kafka-wait',
      'notifier.outages process',
      'plan run',
      'chunk',
      'submit',
      'receipts',
      'chunk',
      'submit',
      'receipts',
    ]);
    expect(journey?.steps.find(({ kind }) => kind === 'kafka-wait')?.tookMs).toBeGreaterThan(0);
  });

  test('finds nothing in a folder that is not there', async () => {
    expect(await readSpans(join(folder, 'nothing'), [traceId])).toEqual(new Map([[traceId, []]]));
  });
});
