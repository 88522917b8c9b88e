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
  'complaint /v1/complaints/CMP-2026-0000042/history': {
    events: [
      { version: 1, type: 'ComplaintLodged', traceId: first },
      { version: 2, type: 'ComplaintResolved', traceId: second },
    ],
  },
  'billing /v1/entries?reference=B%2F7': {
    items: [{ version: 4, type: 'BillGenerated', accountNumber: '1000000001', traceId: null }],
  },
  'billing /v1/accounts/1000000001': { connectionId: outageId },
  [`notifier /v1/messages?connectionId=${outageId}&reference=B%2F7`]: {
    messages: [
      { subject: 'bill', traceId: first },
      { subject: 'bill', traceId: first },
    ],
  },
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

  test('finds the journeys of a complaint by its number, however it is written', async () => {
    expect(await findTraces('cmp-2026-0000042', ask)).toEqual([
      { title: 'ComplaintLodged (version 1)', traceId: first },
      { title: 'ComplaintResolved (version 2)', traceId: second },
    ]);
  });

  test('finds the journey of a bill that came untraced among many by the run that tells it', async () => {
    expect(await findTraces('B/7', ask)).toEqual([
      { title: 'BillGenerated (version 4)', traceId: null },
      { title: 'run that tells the bill', traceId: first },
    ]);
    expect(await findTraces('T-404', ask)).toBeNull();
  });

  test('tells an id that nobody knows from a text that is none', async () => {
    expect(await findTraces('019c0d2c-0000-7000-8000-00000000000f', ask)).toBeNull();
    await expect(findTraces('बिल', ask)).rejects.toThrow('an id is a UUID');
  });
});
