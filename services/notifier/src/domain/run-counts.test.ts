import { describe, expect, test } from '@jest/globals';
import { partsByNow, runCounts } from './run-counts.ts';

describe('run counts', () => {
  test('sum to the audience when the run has ended', () => {
    const counts = runCounts(
      {
        carrier: 10,
        coalesced: 3,
        'skipped:no-number': 2,
        'skipped:not-active': 1,
        accepted: 6,
        rejected: 1,
        'in-doubt': 1,
        superseded: 2,
        'superseded:unexpanded': 5,
      },
      20,
      true,
    );

    expect(counts).toMatchObject({
      audience: 21,
      pending: 0,
      superseded: 7,
      skipped: { 'no-number': 2, 'not-active': 1 },
    });
    expect(6 + 1 + 1 + 7 + 3 + 2 + 1).toBe(counts.audience);
  });

  test('show what is not yet expanded as pending', () => {
    expect(runCounts({ carrier: 4, accepted: 1 }, 100, false)).toMatchObject({ audience: 100, pending: 99 });
  });

  test('split accepted parts into delivered, failed, ended in another word, and awaited', () => {
    const measures = {
      'parts-accepted': 9,
      'receipts-delivered': 4,
      'receipts-failed': 1,
      'receipts-other:BLOCKED': 1,
      'receipts-other:SENT': 0,
    };

    expect(runCounts(measures, 9, true).parts).toEqual({
      accepted: 9,
      delivered: 4,
      failed: 1,
      other: { BLOCKED: 1 },
      awaited: 3,
    });
  });

  test('name the most frequent words of a carrier that makes them up, and sum the rest', () => {
    const words = Array.from({ length: 1_000 }, (_, n) => [`receipts-other:W${n}`, n + 1] as const);
    const { other } = runCounts({ 'parts-accepted': 500_500, ...Object.fromEntries(words) }, 9, true).parts;

    expect(Object.keys(other)).toHaveLength(21);
    expect(other).toMatchObject({ W999: 1_000, W980: 981, more: (980 * 981) / 2 });
  });

  test('call unknown what had no receipt three days after the end of its use', () => {
    const { parts } = runCounts({ 'parts-accepted': 9, 'receipts-delivered': 4, 'receipts-failed': 1 }, 9, true);
    const notAfter = new Date('2026-01-30T10:00:00Z');

    expect(partsByNow(parts, notAfter, new Date('2026-02-02T10:00:00Z'))).toMatchObject({ awaited: 4, unknown: 0 });
    expect(partsByNow(parts, notAfter, new Date('2026-02-02T10:00:01Z'))).toEqual({
      accepted: 9,
      delivered: 4,
      failed: 1,
      other: {},
      awaited: 0,
      unknown: 4,
    });
  });
});
