import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ChunkEnds, countEnds, type ReceiptEnd } from './receipt-ends.ts';
import { receiptState } from './receipt-state.ts';

const NONE: ChunkEnds = { known: Buffer.alloc(0), other: Buffer.alloc(0) };
const end = (place: number, stat: string, parts = 1): ReceiptEnd => ({ place, stat, parts });
const countsOf = (ends: readonly ReceiptEnd[], before: ChunkEnds = NONE) =>
  Object.fromEntries(countEnds(before, ends).counts);

describe('receipts of a chunk', () => {
  test('count the first known end of each part, once', () => {
    expect(
      countsOf([end(0, 'DELIVRD'), end(0, 'DELIVRD'), end(0, 'UNDELIV'), end(9, 'EXPIRED'), end(8, 'ENROUTE')]),
    ).toEqual({
      'receipts-delivered': 1,
      'receipts-failed': 1,
    });
  });

  test('count across transactions, whatever came before', () => {
    const first = countEnds(NONE, [end(70, 'DELIVRD')]);

    expect(countsOf([end(70, 'DELIVRD'), end(71, 'DELIVRD')], first)).toEqual({ 'receipts-delivered': 1 });
  });

  test("a word of the carrier's own counts until a known end takes its place", () => {
    expect(countsOf([end(3, 'PARKED'), end(3, 'LOST')])).toEqual({ 'receipts-other:PARKED': 1 });
    expect(countsOf([end(3, 'PARKED'), end(3, 'DELIVRD')])).toEqual({
      'receipts-other:PARKED': 0,
      'receipts-delivered': 1,
    });

    const first = countEnds(NONE, [end(3, 'PARKED', 2)]);
    const later = countEnds(first, [end(3, 'DELIVRD', 2)]);
    expect(Object.fromEntries(later.counts)).toEqual({ 'receipts-delivered': 2 });
    expect(later.replaced).toEqual([end(3, 'DELIVRD', 2)]);
  });

  test('count the same in one transaction as in many, whatever is repeated', () => {
    const receipts = fc.array(
      fc.record({ place: fc.integer({ min: 0, max: 40 }), stat: fc.constantFrom('DELIVRD', 'UNDELIV', 'ENROUTE') }),
    );
    fc.assert(
      fc.property(receipts, fc.nat(), (some, at) => {
        const ends = some.map(({ place, stat }) => end(place, stat));
        const cut = at % (ends.length + 1);
        const first = countEnds(NONE, ends.slice(0, cut));
        const second = countEnds(first, [...ends.slice(0, cut), ...ends.slice(cut)]);
        const sum = [...first.counts.values(), ...second.counts.values()].reduce((total, n) => total + n, 0);
        const ended = ends.filter(({ stat }) => receiptState(stat) !== 'underway');
        expect(sum).toBe(new Set(ended.map(({ place }) => place)).size);
      }),
    );
  });
});
