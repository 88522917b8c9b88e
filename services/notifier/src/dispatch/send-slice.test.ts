import { describe, expect, test } from '@jest/globals';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { accepting, linkOf } from '../../test/link-of.ts';
import type { DispatchContext } from './context.ts';
import type { Hold } from './hold.ts';
import { sendSlice } from './send-slice.ts';
import type { Attempt } from '../store/record-attempts.ts';
import { sendWindow } from './send-window.ts';

const text = { dltTemplateId: '1', coding: 'gsm-7' as const, parts: [Buffer.from('power is off')] };
const messages = [{ seq: 1, destination: '919811111101', mobileIndex: 1n, text }];
const chunk = { runId: 'run', runDay: '2026-01-30', chunkNo: 1, context: ROOT_CONTEXT };

/** Sends one slice over a link that would accept everything. */
async function send({
  mayWrite,
  hasTime,
  withdrawn = [],
}: {
  mayWrite: boolean;
  hasTime: boolean;
  withdrawn?: number[];
}) {
  const cuts: string[] = [];
  const settled: string[] = [];
  const window = sendWindow(1);
  await window.take(1);
  const link = { ...linkOf(accepting()), destroy: (reason: string) => void cuts.push(reason) };
  const dispatch = {
    link,
    window,
    hasTime: () => hasTime,
    isStopping: () => !hasTime,
    pause: () => Promise.resolve(),
    outcomes: {
      add: (attempts: readonly Attempt[]) => {
        for (const { outcome, settles } of attempts) settled.push(`${outcome} ${settles}`);
        return Promise.resolve();
      },
      settled: () => Promise.resolve(),
    },
    onAccepted: () => {},
    counters: { accepted: 0, unsent: 0 },
  } as unknown as DispatchContext;
  const hold = {
    chunk: { epoch: 1, notAfter: new Date() },
    mayWrite: () => mayWrite,
    renew: () => Promise.resolve('lost'),
  } as unknown as Hold;
  const isSettled = await sendSlice(dispatch, hold, {
    chunk,
    messages,
    withdrawn: () => Promise.resolve(new Set(withdrawn)),
  });
  return { sent: link.sent.length, cuts, settled, isSettled, inUse: window.inUse() };
}

describe('sendSlice', () => {
  test('cuts the connection when the lease has run out: what the socket keeps must not leave later', async () => {
    expect(await send({ mayWrite: false, hasTime: true })).toEqual({
      sent: 0,
      cuts: ['a lease ran out'],
      settled: ['unsent superseded'],
      isSettled: true,
      inUse: 0,
    });
  });

  test('writes nothing more when a process that stops has no time left, and leaves it to the next holder', async () => {
    expect(await send({ mayWrite: true, hasTime: false })).toEqual({
      sent: 0,
      cuts: [],
      settled: [],
      isSettled: false,
      inUse: 0,
    });
  });

  test('resolves when everything is committed', async () => {
    expect(await send({ mayWrite: true, hasTime: true })).toEqual({
      sent: 1,
      cuts: [],
      settled: ['accepted accepted'],
      isSettled: true,
      inUse: 0,
    });
  });

  test('does not send what was withdrawn since it was written ahead', async () => {
    expect(await send({ mayWrite: true, hasTime: true, withdrawn: [1] })).toEqual({
      sent: 0,
      cuts: [],
      settled: ['unsent superseded'],
      isSettled: true,
      inUse: 0,
    });
  });
});
