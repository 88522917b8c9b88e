import { describe, expect, test } from '@jest/globals';
import type { SpanLine } from '@bijli/trace-sink/span-line';
import type { Ask } from './find-traces.ts';
import { findWaiting } from './find-waiting.ts';

const outageId = '019c0d2c-0000-7000-8000-000000000001';
const [waiting, sent, held] = ['2', '3', '4'].map((n) => `019c0d2c-0000-7000-8000-00000000000${n}`);
const runs: Record<string, object> = Object.fromEntries(
  [
    {
      runId: waiting,
      kind: 'unplanned',
      state: 'open',
      stateReason: 'the SMPP link is down since 2026-01-30T08:35:00.000Z: transceiver: ECONNREFUSED',
      endedAt: null,
      counts: { pending: 1_135 },
    },
    { runId: sent, kind: 'estimate', state: 'complete', stateReason: null, endedAt: 'then', counts: { pending: 0 } },
    { runId: held, kind: 'bill', state: 'held', stateReason: 'late', endedAt: null, counts: { pending: 3 } },
  ].map((run) => [run.runId, run]),
);

const ask: Ask = async (_service, path) => {
  if (path.startsWith(`/v1/runs?outageId=${outageId}`)) return { runs: [runs[waiting ?? ''], runs[sent ?? '']] };
  if (path.startsWith('/v1/runs?')) return { runs: [] };
  return (runs[path.slice('/v1/runs/'.length)] as Record<string, unknown> | undefined) ?? null;
};
const span = (run: unknown) => ({ attributes: { 'bijli.run': run } }) as unknown as SpanLine;

const waits = `run ${waiting} (unplanned): 1135 contacts wait: the SMPP link is down since 2026-01-30T08:35:00.000Z: transceiver: ECONNREFUSED`;

describe('what still waits', () => {
  test('is told of the runs of an outage, of each once, and not of those that are over', async () => {
    expect(await findWaiting(outageId, [span(waiting), span(sent), span(7), span('x')], ask)).toEqual([waits]);
  });

  test('is told of the run whose id it is', async () => {
    expect(await findWaiting(waiting ?? '', [], ask)).toEqual([waits]);
  });

  test('is told of the runs that the spans of a bill name', async () => {
    expect(await findWaiting('UP-2026-01-0004217', [span([held, sent])], ask)).toEqual([
      `run ${held} (bill) is held: POST /v1/runs/${held}/release of the notifier asks for it to go`,
    ]);
  });

  test('is nothing where nothing is known', async () => {
    expect(await findWaiting('UP-2026-01-0004217', [], ask)).toEqual([]);
  });
});
