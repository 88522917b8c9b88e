import { describe, expect, test } from '@jest/globals';
import { runCounts } from './run-counts.ts';

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

  test('split accepted parts into delivered, failed and awaited', () => {
    expect(runCounts({ 'parts-accepted': 9, 'receipts-delivered': 5, 'receipts-failed': 1 }, 9, true).parts).toEqual({
      accepted: 9,
      delivered: 5,
      failed: 1,
      awaited: 3,
    });
  });
});
