import { describe, expect, test } from '@jest/globals';
import { type Ask, findTraces } from './find-traces.ts';

const outageId = '019c0d2c-0000-7000-8000-000000000001';
const runId = '019c0d2c-0000-7000-8000-000000000002';
const [first, second] = ['a'.repeat(32), 'b'.repeat(32)];

const answers: Record<string, Record<string, unknown>> = {
  [`outage /v1/outages/${outageId}`]: {
    traceId: second,
    events: [
      { version: 1, type: 'OutageReported', traceId: first },
      { version: 2, type: 'RestorationEstimateChanged', traceId: null },
      { version: 3, type: 'SupplyRestored', traceId: second },
    ],
  },
  [`notifier /v1/runs/${runId}`]: { kind: 'unplanned', traceId: first },
};
const ask: Ask = async (service, path) => answers[`${service} ${path}`] ?? null;

describe('findTraces', () => {
  test('finds one journey for each event of an outage', async () => {
    expect(await findTraces(outageId, ask)).toEqual([
      { title: 'OutageReported (version 1)', traceId: first },
      { title: 'RestorationEstimateChanged (version 2)', traceId: null },
      { title: 'SupplyRestored (version 3)', traceId: second },
    ]);
  });

  test('finds the journey of a run, and takes a trace id as it is', async () => {
    expect(await findTraces(runId, ask)).toEqual([{ title: 'run (unplanned)', traceId: first }]);
    expect(await findTraces(first, ask)).toEqual([{ title: 'trace', traceId: first }]);
  });

  test('tells an id that nobody knows from a text that is none', async () => {
    expect(await findTraces('019c0d2c-0000-7000-8000-00000000000f', ask)).toBeNull();
    await expect(findTraces('F-1203', ask)).rejects.toThrow('an id is a UUID');
  });
});
