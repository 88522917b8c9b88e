import { describe, expect, test } from '@jest/globals';
import { type Addressed, type Allowance, compareTold } from './compare-told.ts';

const accepted = { state: 'accepted', wasDoubtful: false };
const once: Addressed = { times: 1, rows: [accepted] };
const doubtful = { state: 'accepted', wasDoubtful: true };

/** What of a comparison is not as promised. */
const broken = (each: readonly Addressed[], allowance: Allowance = {}): string[] =>
  compareTold(each, allowance)
    .filter(({ isSo }) => !isSo)
    .map(({ what }) => what);

describe('the comparison of handsets with the ledger', () => {
  test('finds nothing where each got its text once and is accepted once', () => {
    expect(broken([once, once])).toEqual([]);
  });

  test.each<[string, Addressed, string[]]>([
    ['was never told', { times: 0, rows: [{ ...accepted, state: null }] }, ['1 never told and not named (0 expected)']],
    [
      'is accepted and got nothing',
      { times: 0, rows: [accepted] },
      ['1 never told and not named (0 expected)', '1 accepted by the ledger and not arrived (0 expected)'],
    ],
    ['was told twice', { times: 2, rows: [accepted] }, ['1 repeats']],
    ['has no row', { times: 1, rows: [] }, ['1 mobiles without exactly one row in the ledger (0 expected)']],
    [
      'has two rows',
      { times: 1, rows: [accepted, accepted] },
      ['1 mobiles without exactly one row in the ledger (0 expected)'],
    ],
    ['is in doubt', { times: 0, rows: [{ state: 'in-doubt', wasDoubtful: true }] }, ['1 in doubt at the end']],
  ])('finds a mobile that %s', (_what, one, findings) => {
    expect(broken([once, one])).toEqual(findings);
  });

  test('allows a fault its repeats, as long as the ledger names them', () => {
    const repeated: Addressed = { times: 2, rows: [doubtful] };

    expect(broken([once, repeated], { repeats: 1 })).toEqual([]);
    expect(broken([repeated, repeated], { repeats: 1 })).toEqual(['2 repeats (at most 1)']);
    expect(broken([{ ...once, times: 2 }], { repeats: 1 })).toEqual([
      '1 repeats that the ledger does not name (0 expected)',
    ]);
  });
});
