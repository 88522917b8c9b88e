import { describe, expect, test } from '@jest/globals';
import { inWords } from './watch.ts';

const counts = {
  audience: 12,
  pending: 1,
  accepted: 5,
  rejected: 1,
  inDoubt: 0,
  superseded: 1,
  stale: 1,
  coalesced: 1,
  skipped: { 'no-number': 2 },
  parts: { accepted: 6, delivered: 4, failed: 0, awaited: 2 },
};

describe('counts in words', () => {
  test('name every fate, and sum to the audience', () => {
    expect(inWords({ counts })).toBe(
      '12 contacts: 5 told, 1 on the same mobile, 2 no number, 1 waiting, 2 not told any more, 1 refused or in doubt · 4 of 6 texts delivered',
    );
  });

  test('leave out what there is none of', () => {
    const all = { ...counts, audience: 5, pending: 0, rejected: 0, superseded: 0, stale: 0, coalesced: 0, skipped: {} };

    expect(inWords({ counts: all })).toBe('5 contacts: 5 told · 4 of 6 texts delivered');
  });
});
